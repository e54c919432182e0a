using System.Text.Json.Nodes;
using Ledger.DevHost.Exports;

namespace Ledger.DevHost.Tests.Exports;

public sealed class TrustFileTests
{
    [Fact]
    public void The_logs_of_all_answers_come_together_and_the_rest_is_the_first_ones()
    {
        var merged = TrustFile.Merge([
            JsonNode.Parse("""{"version":1,"logs":[{"tenant":"demo"},{"tenant":"demo","epoch":2}],"policy":{"anchors":1,"timestamps":0}}""")!.AsObject(),
            JsonNode.Parse("""{"version":1,"logs":[{"tenant":"other"}],"policy":{"anchors":0,"timestamps":0}}""")!.AsObject()]);

        Assert.Equal("""{"version":1,"logs":[{"tenant":"demo"},{"tenant":"demo","epoch":2},{"tenant":"other"}],"policy":{"anchors":1,"timestamps":0}}""", merged.ToJsonString());
    }
}
