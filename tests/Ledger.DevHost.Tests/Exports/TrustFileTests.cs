using System.Text.Json.Nodes;
using Ledger.DevHost.Exports;

namespace Ledger.DevHost.Tests.Exports;

public sealed class TrustFileTests
{
    [Fact]
    public void The_logs_of_all_answers_come_together_and_the_rest_is_the_first_ones()
    {
        var demo = Json("""{"version":1,"logs":[{"tenant":"demo"},{"tenant":"demo","epoch":2}],"policy":{"anchors":1}}""");
        var other = Json("""{"version":1,"logs":[{"tenant":"other"}],"policy":{"anchors":0}}""");

        var merged = TrustFile.Merge([demo, other]).ToJsonString();

        const string expected =
            """{"version":1,"logs":[{"tenant":"demo"},{"tenant":"demo","epoch":2},{"tenant":"other"}],"policy":{"anchors":1}}""";
        Assert.Equal(expected, merged);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
