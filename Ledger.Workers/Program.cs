using System.CommandLine;
using Ledger.Workers.Anchoring;
using Ledger.Workers.Checkpoints;
using Ledger.Workers.Jobs;
using Ledger.Workers.Operations;
using Ledger.Workers.People;
using Ledger.Workers.Signing;
using Ledger.Workers.Tenancy;

var root = new RootCommand("The background half of a ledger: checkpoints, scrubbing, the audit trail; and what an operator does by hand.")
{
    MigrateCommand.Create(),
    RunCommand.Create(),
    TenantCommand.Create(),
    PeopleCommand.Create(),
    IdentityCommand.Create(),
    DoctorCommand.Create(),
    RetireKeyCommand.Create(),
    NewEpochCommand.Create(),
    LiftQuarantineCommand.Create(),
    ReplayDeadLettersCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
