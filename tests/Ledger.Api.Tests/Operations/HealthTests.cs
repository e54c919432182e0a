using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Testing.Time;

namespace Ledger.Api.Tests.Operations;

/// <summary>Health with transparency logs; without one: <see cref="OutageTests"/>.</summary>
public class HealthTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task An_API_without_transparency_logs_says_as_it_starts_what_it_will_not_make()
    {
        using var anybody = ledger.Anonymous();
        await anybody.GetJsonAsync("/health");
        Assert.Contains("no transparency log is configured here", ledger.Api.Log.Text, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task While_any_log_does_not_answer_the_ledger_is_degraded_and_still_200()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        var (primary, second) = (new ScriptedLog(), new ScriptedLog("second.test", 1));
        await using var api = ledger.WithLogs(time, primary, second);
        using var anybody = api.Client(null);
        Assert.Equal("""{"status":"healthy","database":"ok","rekor":true}""", await HealthAsync());
        second.Answers = false;
        time.Advance(Core.Anchoring.RekorProbe.Freshness);
        Assert.Equal("""{"status":"degraded","database":"ok","rekor":false}""", await HealthAsync());
        Assert.Equal("""{"status":"degraded","database":"ok","rekor":false}""", await HealthAsync());
        Assert.Equal(2, second.Asked); // however many ask us
        second.Answers = true;
        time.Advance(Core.Anchoring.RekorProbe.Freshness);
        Assert.Equal("""{"status":"healthy","database":"ok","rekor":true}""", await HealthAsync());

        async Task<string> HealthAsync() => (await anybody.GetJsonAsync("/health")).GetRawText();
    }
}
