using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The clients against real servers.</summary>
public sealed class RealRekorTests
{
    [RealRekorFact]
    public async Task A_real_v1_can_be_stopped_and_started_again_with_its_log()
    {
        await using var rekor = await RealRekor.StartV1Async();
        using var http = new HttpClient { BaseAddress = rekor.Url };
        var before = await http.GetStringAsync("api/v1/log");
        await rekor.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("api/v1/log"));
        await rekor.StartAgainAsync();
        Assert.Contains("\"treeID\"", before, StringComparison.Ordinal);
        Assert.Contains(rekor.Origin, await http.GetStringAsync("api/v1/log"), StringComparison.Ordinal);
        Assert.True(File.Exists(rekor.PublicKey));
    }

    [RealRekor2Fact]
    public async Task A_real_v2_can_be_stopped_and_started_again_with_its_log()
    {
        await using var rekor = await RealRekor.StartV2Async();
        using var http = new HttpClient { BaseAddress = rekor.Url };
        var before = await http.GetStringAsync("api/v2/checkpoint");
        await rekor.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("api/v2/checkpoint"));
        await rekor.StartAgainAsync();
        Assert.Equal(before, await http.GetStringAsync("api/v2/checkpoint"));
        Assert.StartsWith(rekor.Origin + "\n", before, StringComparison.Ordinal);
        Assert.True(File.Exists(rekor.PublicKey));
    }
}
