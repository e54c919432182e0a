using System.Collections.Concurrent;
using Ledger.Testing.Attributes;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>`ledger-verify sigstore` accepts and refuses what cosign does, but for the documented differences.</summary>
public sealed class CosignComparisonTests
{
    private static IEnumerable<Case> Crafted =>
        LogCases.All().Concat(BodyCases.All()).Concat(FormCases.All()).Concat(RootCases.All()).Concat(TimestampCases.All());

    [Fact]
    public void Every_crafted_case_gets_its_verdict()
    {
        Assert.All(Crafted, made => Assert.True(
            (made.Accepted && made.Difference is null) == Verdicts.Ours(made.Judged, made.Timestamps) is null, made.ToString()));
    }

    [Fact]
    public void Every_documented_difference_has_a_case_and_every_case_is_documented()
    {
        var shown = Crafted.Select(made => made.Difference).OfType<string>().Distinct();
        Assert.Equal(Differences.Documented.Order(), shown.Order());
    }

    [CosignFact]
    public async Task Cosign_gives_every_crafted_case_the_same_verdict_or_the_documented_other_one()
    {
        await ForEachAsync(Crafted, async made =>
        {
            var cosign = await Verdicts.CosignAsync(made.Judged, made.Timestamps);
            return cosign.Accepted == made.Accepted ? null : $"{made}: {cosign.Output}";
        });
    }

    [CosignFact]
    public async Task Cosign_gives_the_real_bundles_the_same_verdict()
    {
        var cases = Golden.Accepted.Concat(Golden.Prehashed).SelectMany(judged => new[] { (judged, false), (judged, true) });
        await ForEachAsync(cases, pair => Compare(pair.judged, "", pair.Item2));
    }

    [CosignTheory]
    [InlineData("v1 hashedrekord-ecdsa")]
    [InlineData("v1 dsse-ed25519")]
    [InlineData("v2 hashedrekord-ecdsa")]
    [InlineData("v2 dsse-ecdsa")]
    public async Task Cosign_says_the_same_to_a_real_bundle_with_anything_in_it_changed(string name)
    {
        var judged = Golden.Named(name);
        await ForEachAsync(JsonWalk.Mutations(judged.Bundle), change => Compare(judged with { Bundle = change.Json }, change.Name, false));
    }

    [CosignFact]
    public async Task Cosign_says_the_same_under_a_trusted_root_with_anything_in_it_changed()
    {
        var judged = Golden.Named("v2 hashedrekord-ecdsa");
        await ForEachAsync(JsonWalk.Mutations(judged.Root), change => Compare(judged with { Root = change.Json }, change.Name, true));
    }

    private static async Task<string?> Compare(JudgedBundle judged, string change, bool timestamps)
    {
        var ours = Verdicts.Ours(judged, timestamps);
        var cosign = await Verdicts.CosignAsync(judged, timestamps);
        if (cosign.Accepted == ours is null) return null;
        // Only ever stricter, and only where the page says so.
        var documented = cosign.Accepted && Differences.OfChange(judged, change) is { } name && Differences.Documented.Contains(name);
        return documented ? null : $"{judged} {change}: here {ours ?? "accepted"}, cosign {cosign.Output}";
    }

    private static async Task ForEachAsync<T>(IEnumerable<T> cases, Func<T, Task<string?>> compare)
    {
        var wrong = new ConcurrentBag<string>();
        var count = 0;
        await Parallel.ForEachAsync(cases, async (one, _) =>
        {
            Interlocked.Increment(ref count);
            if (await compare(one) is { } difference) wrong.Add(difference);
        });
        Assert.NotEqual(0, count);
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }
}
