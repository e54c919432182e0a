using System.Diagnostics.Metrics;
using Ledger.Core.Anchoring;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

public sealed class AnchorMetricsTests
{
    [PostgresFact]
    public async Task Success_failures_and_the_age_of_what_waits_are_metrics()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        var shown = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == anchoring.Meter.Meter) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => shown.Add($"{instrument.Name} {value} {Text(tags)}"));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => shown.Add($"{instrument.Name} {value}"));
        listener.Start();

        await anchoring.AppendDueAsync(3);
        anchoring.Log.BeforeSubmit = () => throw new LogException(LogFailureClass.Network, "away");
        await anchoring.Worker.StepAsync();
        await anchoring.Worker.AnchorUpkeep.MeasureAsync(CancellationToken.None);
        listener.RecordObservableInstruments();
        anchoring.Log.BeforeSubmit = null;
        await anchoring.SettleAsync();
        await anchoring.Worker.AnchorUpkeep.MeasureAsync(CancellationToken.None);
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                $"ledger.anchor.failures 1 log={anchoring.Rekor.Origin} kind=checkpoint class=network",
                "ledger.anchor.pending.age 60",
                $"ledger.anchor.success 1 log={anchoring.Rekor.Origin} kind=checkpoint",
                // From the first success on the series are there to be watched.
                .. ((string[])["config", "network", "log"]).Select(c => $"ledger.anchor.failures 0 log={anchoring.Rekor.Origin} kind=checkpoint class={c}"),
                "ledger.anchor.pending.age 0",
            ], shown);
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
