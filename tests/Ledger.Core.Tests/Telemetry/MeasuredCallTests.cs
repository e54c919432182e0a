using System.Diagnostics.Metrics;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Tests.Telemetry;

public sealed class MeasuredCallTests : IDisposable
{
    private readonly LedgerMeter meter = new();

    [Fact]
    public void Where_nobody_listens_a_call_allocates_nothing()
    {
        var metrics = new CallMetrics(meter, "ledger.unheard", "Calls");
        var gone = new OperationCanceledException();
        void Calls()
        {
            for (var i = 0; i < 1000; i++)
            {
                metrics.Start("query").Succeeded();
                metrics.Start("query").Threw(gone, CancellationToken.None);
            }
        }
        Calls(); // compiled

        var before = GC.GetAllocatedBytesForCurrentThread();
        Calls();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // less than a byte for each
    }

    [Fact]
    public void A_call_is_told_with_its_operation_and_a_caller_that_gave_up_is_no_failure()
    {
        var metrics = new CallMetrics(meter, "ledger.heard", "Calls");
        var told = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == meter.Meter) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => told.Add($"{instrument.Name} {value} {tags[0].Value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => told.Add($"{instrument.Name} {tags[0].Value}"));
        listener.Start();

        metrics.Start("open").Succeeded();
        metrics.Start("query").Threw(new OperationCanceledException(), new CancellationToken(canceled: true));
        metrics.Start("commit").Threw(new TimeoutException(), CancellationToken.None);

        Assert.Equal(["ledger.heard.duration open", "ledger.heard.failures 0 open", "ledger.heard.duration query",
            "ledger.heard.failures 0 query", "ledger.heard.duration commit", "ledger.heard.failures 1 commit"], told);
    }

    public void Dispose() => meter.Dispose();
}
