using System.Text;

namespace Ledger.Verify.Tests.Fuzzing;

/// <summary>A parser either refuses with a code, or returns something that re-formats to identical bytes; it never throws.</summary>
public class ParserFuzzTests
{
    private const int Rounds = 6_000;

    public static TheoryData<string> Names => [.. Parser.All.Select(parser => parser.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Valid_inputs_are_accepted_as_they_are(string name)
    {
        var parser = Named(name);
        foreach (var seed in parser.Seeds) AssertStable(parser, seed, mustBeAccepted: true);
    }

    [Theory, MemberData(nameof(Names))]
    public void Mutated_inputs_are_refused_or_come_back_unchanged(string name)
    {
        var parser = Named(name);
        var mutator = new Mutator(seed: 20260127);
        for (var round = 0; round < Rounds; round++)
        {
            AssertStable(parser, mutator.Mutate(parser.Seeds[round % parser.Seeds.Length], parser.Seeds), mustBeAccepted: false);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_inputs_of_every_other_parser_and_every_prefix_are_refused_or_come_back_unchanged(string name)
    {
        var parser = Named(name);
        foreach (var seed in Parser.All.SelectMany(other => other.Seeds)) AssertStable(parser, seed, mustBeAccepted: false);
        foreach (var seed in parser.Seeds)
        {
            for (var length = 0; length < seed.Length; length++) AssertStable(parser, seed[..length], mustBeAccepted: false);
        }
    }

    private static void AssertStable(Parser parser, byte[] input, bool mustBeAccepted)
    {
        byte[]? output;
        try
        {
            output = parser.Reformat(input);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"The {parser.Name} parser threw on {Show(input)}", e);
        }

        if (output is null)
        {
            Assert.False(mustBeAccepted, $"The {parser.Name} parser refused {Show(input)}");
            return;
        }

        var expected = parser.IsCanonical ? parser.Seen(input) : output;
        if (!output.AsSpan().SequenceEqual(expected) || !output.AsSpan().SequenceEqual(parser.Reformat(output)))
        {
            Assert.Fail($"The {parser.Name} parser accepted {Show(input)} and wrote {Show(output)}");
        }
    }

    private static string Show(byte[] input) => $"{Convert.ToHexString(input)} ({Encoding.UTF8.GetString(input)})";

    private static Parser Named(string name) => Parser.All.Single(parser => parser.Name == name);
}
