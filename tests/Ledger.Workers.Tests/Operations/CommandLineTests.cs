using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Workers.Tests.Crashes;

namespace Ledger.Workers.Tests.Operations;

/// <summary>The program as an operator meets it.</summary>
public sealed class CommandLineTests
{
    private static readonly string[] Settings =
        ["ConnectionStrings__ledger", "CRDB_DSN", "Vault__Address", "VAULT_ADDR", "Vault__WorkerToken", "VAULT_TOKEN", "Ledger__LogName",
            "HighWaterMark__Directory"];

    [Theory]
    [InlineData("")]
    [InlineData("ruin")]
    [InlineData("tenant add")]
    [InlineData("people")]
    [InlineData("people apply demo acme")]
    [InlineData("retire-key")]
    [InlineData("new-epoch demo")]
    [InlineData("new-epoch --reason because")]
    [InlineData("lift-quarantine")]
    [InlineData("migrate now")]
    [InlineData("replay-dead-letters now")]
    public async Task Wrong_usage_ends_with_2(string arguments)
    {
        var (code, output) = await RunAsync([], arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(code == 2, output);
    }

    [Theory]
    [InlineData("run", 5)]
    [InlineData("tenant add acme", 5)]
    [InlineData("people apply", 5)]
    [InlineData("retire-key SHA256:x", 5)]
    [InlineData("new-epoch demo --reason because", 5)]
    [InlineData("lift-quarantine abc", 5)]
    [InlineData("migrate", 1)]
    public async Task A_missing_configuration_ends_with_2_and_one_line_per_fault(string arguments, int lines)
    {
        var (code, output) = await RunAsync([], arguments.Split(' '));
        Assert.True(code == 2, output);
        Assert.Equal(lines, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [PostgresFact]
    public async Task An_operator_adds_tenants_and_retires_keys()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");

        Assert.Equal((0, "the schema is up to date"), await ledger.OperateAsync("migrate"));
        Assert.Equal((0, "tenant demo is there already"), await ledger.OperateAsync("tenant", "add", "demo", "--public"));
        Assert.Equal((0, "tenant acme added"), await ledger.OperateAsync("tenant", "add", "acme"));
        Assert.Equal((1, "'platform-x' is a reserved name: platform-* and receipts-* belong to the service."),
            await ledger.OperateAsync("tenant", "add", "platform-x"));
        Assert.Equal((1, "'Acme' is not a tenant id: [a-z0-9][a-z0-9-]{0,53}."), await ledger.OperateAsync("tenant", "add", "Acme"));
        Assert.Equal((1, "demo/1 is sound: nothing is lost by going on with it. --force opens an epoch all the same."),
            await ledger.OperateAsync("new-epoch", "demo", "--reason", "because"));
        Assert.Equal((1, "There is no tenant 'nobody' here."), await ledger.OperateAsync("new-epoch", "nobody", "--reason", "because"));
        Assert.Equal((0, "people to apply: 0"), await ledger.OperateAsync("people", "apply"));
        Assert.Equal((0, "dead letters replayed: 0, left: 0"), await ledger.OperateAsync("replay-dead-letters"));
        Assert.Equal((0, "people to apply: 0"), await ledger.OperateAsync("people", "apply", "demo"));
        Assert.Equal((1, "There is no tenant 'nobody' here."), await ledger.OperateAsync("people", "apply", "nobody"));
        Assert.Equal((0, "no such log is quarantined"), await ledger.OperateAsync("lift-quarantine", new string('a', 64)));
        Assert.Equal((0, "no log has an open range of that key"), await ledger.OperateAsync("retire-key", "SHA256:unknown"));
    }

    private static async Task<(int Code, string Output)> RunAsync(Dictionary<string, string?> environment, string[] arguments)
    {
        foreach (var name in Settings) environment.TryAdd(name, null);
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Workers, environment, arguments);
        return (await process.Exited, process.Output);
    }
}
