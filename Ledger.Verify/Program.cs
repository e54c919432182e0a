using Ledger.Verify.Cli;

return CommandLine.Run(args, Console.Out, Console.Error);
