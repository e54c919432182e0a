using System.Net.Http.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Workers.Tests.Crashes;
using Npgsql;

namespace Ledger.Workers.Tests.Anchoring;

/// <summary>Workers as processes, killed and stopped while they anchor. Nothing is lost, nothing is logged twice.</summary>
public sealed class AnchoringTests
{
    private const string Entries = "/api/v1/log/entries";

    private const string UnderWay =
        "SELECT EXISTS (SELECT FROM ledger.jobs WHERE status = 'running' AND tenant_id = 'demo' AND frozen_signature IS NOT NULL)";

    private const string FirstJob = "FROM ledger.jobs WHERE tenant_id = 'demo' ORDER BY created_at LIMIT 1";

    [PostgresFact]
    public async Task Workers_killed_while_they_anchor_leave_every_entry_covered_and_nothing_logged_twice()
    {
        await using var stack = await Stack.StartAsync();
        var workers = await stack.Ledger.StartWorkersAsync();
        var others = await stack.Ledger.StartWorkersAsync();
        for (var round = 0; round < 4; round++)
        {
            stack.Rekor.Faults.Set(new Fault(FaultMode.Slow) { PathPrefix = Entries, Delay = TimeSpan.FromMilliseconds(300) });
            await stack.AppendAsync(40);
            await stack.WaitAsync("SELECT EXISTS (SELECT FROM ledger.jobs WHERE status = 'running')");
            await workers.KillAsync();
            stack.Rekor.Faults.Clear();
            await stack.LapseLeasesAsync();
            workers = await stack.Ledger.StartWorkersAsync();
        }
        await stack.AnchoredAsync(160);

        await workers.WaitForLineAsync("Application started");
        Assert.Equal(0, await others.StopAsync());
        Assert.Equal(0, await workers.StopAsync());
        await stack.AssertOnceAsync();
    }

    [PostgresFact]
    public async Task Told_to_stop_a_worker_ends_what_is_under_way()
    {
        await using var stack = await Stack.StartAsync();
        stack.Rekor.Faults.Set(new Fault(FaultMode.Slow) { PathPrefix = Entries, Delay = TimeSpan.FromSeconds(2) });
        var workers = await stack.Ledger.StartWorkersAsync();
        await stack.AppendAsync(3);
        await stack.WaitAsync(UnderWay);

        Assert.Equal(0, await workers.StopAsync());

        Assert.Equal("done", await stack.ScalarAsync<string>($"SELECT status {FirstJob}"));
        Assert.Contains("Entry 0..", workers.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Told_to_stop_a_worker_gives_back_what_does_not_end()
    {
        await using var stack = await Stack.StartAsync();
        stack.Rekor.Faults.Set(FaultMode.Hang, Entries);
        var workers = await stack.Ledger.StartWorkersAsync();
        await stack.AppendAsync(3);
        await stack.WaitAsync(UnderWay);

        Assert.Equal(0, await workers.StopAsync());

        Assert.Equal("pending 0", await stack.ScalarAsync<string>($"SELECT status || ' ' || attempt_count {FirstJob}"));
        stack.Rekor.Faults.Clear();
        await stack.Ledger.StartWorkersAsync();
        await stack.AnchoredAsync(3);
        await stack.AssertOnceAsync();
    }

    [PostgresFact]
    public async Task A_log_that_is_down_for_hundreds_of_entries_and_back_ends_with_all_of_them_anchored_by_idle_tenants()
    {
        await using var stack = await Stack.StartAsync();
        stack.Rekor.Faults.Set(FaultMode.Down);
        var workers = await stack.Ledger.StartWorkersAsync();
        await stack.AppendAsync(300);
        await workers.WaitForLineAsync("Rekor anchoring failed");
        Assert.Equal(0, stack.Rekor.Size);

        stack.Rekor.Faults.Clear(); // nobody writes any more

        await stack.AnchoredAsync(300);
        await stack.AssertOnceAsync();
    }

    /// <summary>A ledger with a log, whose tenants are due after ten entries or a second.</summary>
    private sealed class Stack : IAsyncDisposable
    {
        private readonly TempFolder folder = new();
        private HttpClient client = null!;

        public LedgerProcesses Ledger { get; private set; } = null!;

        public Rekor1Emulator Rekor { get; private set; } = null!;

        public static async Task<Stack> StartAsync()
        {
            var stack = new Stack();
            stack.Ledger = await LedgerProcesses.StartAsync("demo");
            stack.Rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = stack.folder["rekor"] },
                CancellationToken.None);
            stack.Ledger.Settings["Rekor__Logs__0__Url"] = stack.Rekor.Address.AbsoluteUri;
            stack.Ledger.Settings["Rekor__Logs__0__PublicKey"] = stack.Rekor.PublicKey;
            var (_, api) = await stack.Ledger.StartApiAsync();
            stack.client = stack.Ledger.ClientOf(api, "demo");
            await stack.ExecuteAsync("UPDATE ledger.tenants SET anchor_entries = 10, anchor_seconds = 1");
            return stack;
        }

        public async Task AppendAsync(int count)
        {
            var items = Enumerable.Range(0, count).Select(i => new { subject = $"fact-{i}", payload = Convert.ToBase64String([1, 2, 3]) });
            using var answer = await client.PostAsJsonAsync("/append/batch", new { items });
            answer.EnsureSuccessStatusCode();
        }

        /// <summary>As time would: a dead worker's job is another's.</summary>
        public Task LapseLeasesAsync() => ExecuteAsync("UPDATE ledger.jobs SET lease_until = now() WHERE status = 'running'");

        public async Task WaitAsync(string condition)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!await ScalarAsync<bool>(condition)) await Task.Delay(50, patience.Token);
        }

        /// <summary>Waits until all entries are covered by a submitted checkpoint, and the audit trail's too.</summary>
        public async Task AnchoredAsync(int entries)
        {
            await WaitAsync($"SELECT count(*) = {entries} FROM ledger.entries WHERE tenant_id = 'demo' AND rekor_log_id <> ''");
            await WaitAsync("SELECT NOT EXISTS (SELECT FROM ledger.jobs WHERE status IN ('pending', 'running'))");
            Assert.Equal(entries, await ScalarAsync<long>("SELECT next_seq FROM ledger.chain_heads WHERE tenant_id = 'demo'"));
        }

        /// <summary>Every entry of the log is one of our anchors, and no job sent two.</summary>
        public async Task AssertOnceAsync()
        {
            Assert.Equal(Rekor.Size, await ScalarAsync<long>("SELECT count(*) FROM ledger.anchors"));
            Assert.Equal(Rekor.Size, await ScalarAsync<long>("SELECT count(DISTINCT (tenant_id, position)) FROM ledger.anchors"));
            Assert.False(await ScalarAsync<bool>("""
                SELECT EXISTS (SELECT FROM ledger.anchors a
                                 JOIN ledger.anchors b ON a.tenant_id = b.tenant_id AND a.tl_log_index < b.tl_log_index
                                WHERE a.position >= b.position)
                """));
        }

        public async Task<T> ScalarAsync<T>(string sql)
        {
            await using var owner = NpgsqlDataSource.Create(Ledger.Owner);
            await using var command = owner.CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync())!;
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await Ledger.DisposeAsync();
            await Rekor.DisposeAsync();
            folder.Dispose();
        }

        private async Task ExecuteAsync(string sql)
        {
            await using var owner = NpgsqlDataSource.Create(Ledger.Owner);
            await using var command = owner.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
