using Ledger.DevHost;
using Ledger.DevHost.Processes;

return await CommandLine.RunAsync(args, static async options =>
{
    using var stop = new StopSignals();
    return await Run.ToEndAsync(options, TimeProvider.System, Console.Out, Console.Error, stop.Token);
});
