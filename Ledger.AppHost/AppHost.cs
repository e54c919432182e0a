using Ledger.AppHost.Commands;
using Ledger.AppHost.Dependencies;
using Ledger.AppHost.Programs;
using Ledger.AppHost.Publishing;
using Ledger.AppHost.Setup;

//   postgres   vault   keycloak   storage   rekor   timestamping   mail       containers, or the DevHost's emulators
//      |         |                   |
//   setup-database, setup-vault, setup-storage                                once, on empty servers
//      |
//   migrate ---> tenant-demo                                                  once, before each new version
//      |
//   api (8088)   workers x 2                                                  the ledger

var builder = DistributedApplication.CreateBuilder(args);
builder.AddPublishing();

// The one condition. Both give the same: who provides it is nobody's business below this line.
var on = builder.Configuration["LEDGER_DEPENDENCIES"] == "emulators" ? builder.AddEmulators() : builder.AddContainers();

var setups = builder.AddSetups(on);

var migrate = builder.AddProject<Projects.Ledger_Workers>("migrate", launchProfileName: null)
    .WithArgs("migrate")
    .WithOperatorSettings(on)
    .WaitForCompletionOfAll(setups)
    .PublishAsJob();

var workers = builder.AddProject<Projects.Ledger_Workers>("workers", launchProfileName: null)
    .WithArgs("run")
    .WithReplicas(2)
    .WithProbeEndpoint()
    .WithWorkersSettings(on)
    .WithProbes()
    .PublishAsService()
    .WaitForServices(on)
    .WaitForCompletion(migrate);

var api = builder.AddProject<Projects.Ledger_Api>("api", launchProfileName: null)
    .WithApiSettings(on)
    .WithApiEndpoint()
    .WithProbes()
    .PublishAsService()
    .WaitForServices(on)
    .WaitForCompletion(migrate);

builder.AddDemoTenant(on, after: migrate);
builder.AddOperatorCommands(on, api, workers);

builder.Build().Run();
