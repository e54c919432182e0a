using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Problems;

namespace Ledger.Core.Tests.Attestations;

public sealed class EnvelopeFuzzTests
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes($$$"""
        {"_type":"https://in-toto.io/Statement/v1",
        "subject":[{"name":"a","digest":{"sha256":"{{{new string('a', 64)}}}","gitCommit":"00"}}],"predicateType":"https://example.com/p","predicate":{"x":[1,2.5e300,"\ud83d\ude00",null]}}
        """);

    private static readonly byte[][] Tokens = [.. new[]
    {
        "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "null", "1e999", "\"subject\":[]", "\"payload\"", "\"sig\"",
        "=", "\0",
    }.Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_bytes_come_they_are_an_envelope_or_refused_with_a_4xx(int seed) => Fuzz(seed, AttestorProcess.Envelope(),
        bytes => DsseEnvelope.Read(bytes).Pae());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_a_payload_holds_it_is_a_statement_or_refused_with_a_4xx(int seed) => Fuzz(seed, Statement,
        bytes => Assert.InRange(Read(bytes).Subjects.Count, 0, AttestationLimits.Subjects));

    [Fact]
    public void A_subject_that_is_named_twice_is_found_once()
    {
        var again = $$$"""
            "subject":[{"digest":{"sha256":"{{{new string('a', 64)}}}"}},
            """;
        var text = Encoding.UTF8.GetString(Statement).Replace("\"subject\":[", again, StringComparison.Ordinal);
        Assert.Single(Read(Encoding.UTF8.GetBytes(text)).Subjects);
    }

    private static AttestedStatement Read(byte[] payload) => AttestedStatement.Read("application/vnd.in-toto+json", payload);

    private static void Fuzz(int seed, byte[] whole, Action<byte[]> read)
    {
        var random = new Random(seed);
        read(whole);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = whole;
            for (var edits = random.Next(1, 4); edits > 0; edits--) bytes = Edit(bytes, random);
            var refusal = Record.Exception(() => read(bytes));
            if (refusal is null or LedgerProblemException { Problem.Type.Status: >= 400 and < 500 }) continue;
            Assert.Fail($"{refusal.GetType().Name} for {Convert.ToHexString(bytes)}: {refusal.Message}");
        }
    }

    private static byte[] Edit(byte[] body, Random random)
    {
        var at = random.Next(body.Length + 1);
        var to = Math.Min(body.Length, at + random.Next(1, 12));
        return random.Next(4) switch
        {
            0 => [.. body[..at], .. Tokens[random.Next(Tokens.Length)], .. body[at..]],
            1 => [.. body[..at], .. body[to..]],
            2 => [.. body[..at], (byte)random.Next(256), .. body[to..]],
            _ => at < body.Length ? [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]] : body[..^1],
        };
    }
}
