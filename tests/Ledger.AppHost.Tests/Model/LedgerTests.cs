using Ledger.AppHost.Commands;
using Ledger.AppHost.Dependencies;

namespace Ledger.AppHost.Tests.Model;

/// <summary>The ledger's own part of the model, which does not know who provides what it needs.</summary>
public sealed class LedgerTests
{
    private static readonly string[] Services = [ServiceNames.Keycloak, ServiceNames.Mail, ServiceNames.Postgres, ServiceNames.Rekor,
        ServiceNames.Storage, ServiceNames.Timestamping, ServiceNames.Vault];

    [Theory, MemberData(nameof(LedgerModel.Both), MemberType = typeof(LedgerModel))]
    public async Task Servers_then_setups_then_migrations_then_programs(string dependencies)
    {
        await using var model = await LedgerModel.OfAsync(dependencies);
        Assert.Equal([ServiceNames.Postgres], model.WaitsOf("setup-database", WaitType.WaitUntilHealthy));
        Assert.Equal([ServiceNames.Vault], model.WaitsOf("setup-vault", WaitType.WaitUntilHealthy));
        Assert.Equal([ServiceNames.Storage], model.WaitsOf("setup-storage", WaitType.WaitUntilHealthy));
        Assert.Equal(["setup-database", "setup-storage", "setup-vault"], model.WaitsOf("migrate", WaitType.WaitForCompletion));
        Assert.Equal(["migrate"], model.WaitsOf("tenant-demo", WaitType.WaitForCompletion));
        foreach (var program in new[] { "api", "workers" })
        {
            Assert.Equal(["migrate"], model.WaitsOf(program, WaitType.WaitForCompletion));
            Assert.Equal(Services, model.WaitsOf(program, WaitType.WaitUntilHealthy));
        }
    }

    [Fact]
    public async Task Each_program_has_its_own_login_and_token_and_no_other()
    {
        await using var model = await LedgerModel.OfAsync(LedgerModel.Containers);
        var (api, workers) = (await model.EnvironmentAsync("api"), await model.EnvironmentAsync("workers"));
        Assert.Equal("{vault-entry-token.value}", api["Vault__EntryToken"]);
        Assert.Equal("{vault-worker-token.value}", workers["Vault__WorkerToken"]);
        Assert.DoesNotContain("Vault__WorkerToken", api.Keys);
        Assert.DoesNotContain("Vault__EntryToken", workers.Keys);
        Assert.DoesNotContain("People__ClientSecret", api.Keys);
        Assert.DoesNotContain(api.Values.Concat(workers.Values), value => value.Contains("vault-root-token", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(LedgerModel.Both), MemberType = typeof(LedgerModel))]
    public async Task What_they_are_told_leads_to_the_services(string dependencies)
    {
        await using var model = await LedgerModel.OfAsync(dependencies);
        var api = await model.EnvironmentAsync("api");
        Assert.Equal("{vault.bindings.http.url}", api["Vault__Address"]);
        Assert.Equal("{keycloak.bindings.http.url}/realms/ledger", api["Identity__Issuers__0__Issuer"]);
        Assert.Equal("{keycloak.bindings.http.url}/realms/ledger-platform", api["Identity__Issuers__1__Issuer"]);
        Assert.Equal("{storage.bindings.http.url}", api["Storage__Endpoint"]);
        Assert.Equal("{rekor.bindings.http.url}", api["Rekor__Logs__0__Url"]);
        Assert.Equal("{timestamping.bindings.http.url}/api/v1/timestamp", api["Timestamping__Url"]);
        var workers = await model.EnvironmentAsync("workers");
        Assert.Equal(("{mail.bindings.smtp.host}", "{mail.bindings.smtp.port}"), (workers["Smtp__Host"], workers["Smtp__Port"]));
    }

    [Fact]
    public async Task There_are_two_workers_and_the_API_is_on_its_port_for_others()
    {
        await using var model = await LedgerModel.OfAsync(LedgerModel.Containers);
        Assert.Equal(2, model.Resource<IResource>("workers").Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
        var endpoint = Assert.Single(model.Resource<IResource>("api").Annotations.OfType<EndpointAnnotation>());
        Assert.Equal((8088, true), (endpoint.Port, endpoint.IsExternal));
        Assert.NotEmpty(model.Resource<IResource>("api").Annotations.OfType<HealthCheckAnnotation>());
    }

    [Theory, MemberData(nameof(LedgerModel.Both), MemberType = typeof(LedgerModel))]
    public async Task The_dashboard_offers_what_an_operator_does(string dependencies)
    {
        await using var model = await LedgerModel.OfAsync(dependencies);
        Assert.Contains(ChainCommand.Name, model.CommandsOf("api"));
        Assert.Contains(PublicVerification.Name, model.CommandsOf("api"));
        Assert.Contains(DeadLetterCommand.Name, model.CommandsOf("workers"));
        foreach (var service in new[] { "vault", "keycloak", "storage", "rekor", "timestamping" })
            Assert.Equal([OutageCommands.Begin, OutageCommands.End],
                model.CommandsOf(service).Where(name => name.EndsWith("-outage", StringComparison.Ordinal)));
    }
}
