using Ledger.DevHost;
using Ledger.DevHost.Commands;
using Ledger.DevHost.Processes;

using var stop = new StopSignals();
return await CommandLine.RunAsync(args, new Run(TimeProvider.System, Console.Out, Console.Error, stop.Token));
