using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Jobs;

public sealed class FrozenBytesTests
{
    [PostgresTheory]
    [InlineData("frozen_signature = '\\x02'")]
    [InlineData("frozen_signature = NULL, frozen_key_id = NULL, frozen_timestamp = NULL")]
    [InlineData("frozen_key_id = 'other'")]
    [InlineData("frozen_timestamp = '\\x02'")]
    [InlineData("frozen_timestamp = NULL")]
    [InlineData("position = 8")]
    [InlineData("epoch = 2")]
    [InlineData("tl_log_id = 'bb'")]
    public async Task What_is_frozen_is_changed_by_nobody(string change)
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job() with { Epoch = 1, TransparencyLog = "aa" });
        var job = await queue.ClaimOneAsync(log: "aa");
        job = await queue.Frozen.FreezeSignatureAsync(job, 7, [1], "key", CancellationToken.None);
        await queue.Frozen.FreezeTimestampAsync(job, [1], CancellationToken.None);

        foreach (var (login, before) in new[] { (queue.Ledger.Database.Owner, ""),
                     (queue.Ledger.Database.Superuser, "SET LOCAL session_replication_role = replica; ") })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                LedgerUnderTest.SqlAsync(login, $"{before}UPDATE ledger.jobs SET {change}"));
            Assert.Equal("LG001", refused.SqlState);
        }
    }

    [PostgresFact]
    public async Task Nothing_is_frozen_twice()
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        var job = await queue.ClaimOneAsync();
        await queue.Frozen.FreezeSignatureAsync(job, 7, [1], "key", CancellationToken.None);
        await Assert.ThrowsAsync<JobLeaseLostException>(() =>
            queue.Frozen.FreezeSignatureAsync(job, 7, [1], "key", CancellationToken.None));
    }

    [PostgresTheory]
    [InlineData("off", "on")]
    [InlineData("local", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task What_is_frozen_is_on_the_disk_however_the_database_is_tuned(string tuned, string expected)
    {
        await using var queue = await QueueUnderTest.StartAsync();
        await queue.EnqueueAsync(QueueUnderTest.Job());
        var job = await queue.ClaimOneAsync();
        await queue.Ledger.SqlAsync("""
            CREATE FUNCTION commits_as() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.last_error := concat_ws(' ', OLD.last_error, current_setting('synchronous_commit'));
                RETURN NEW;
            END $$;
            CREATE TRIGGER commits_as BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION commits_as();
            """);
        await using var process = new LedgerProcess($"{queue.Ledger.Database.Workers};Options=-c synchronous_commit={tuned}",
            DatabaseRole.Worker, queue.Ledger.Vault, null, "token", queue.Ledger.Marks, queue.Ledger.Time);
        var frozen = new FrozenBytes(process.Database);
        job = await frozen.FreezeSignatureAsync(job, 7, [1], "key", CancellationToken.None);
        await frozen.FreezeTimestampAsync(job, [1], CancellationToken.None);
        Assert.Equal($"{expected} {expected}", await queue.RowAsync("last_error"));
    }
}
