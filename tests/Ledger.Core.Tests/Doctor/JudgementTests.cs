using Ledger.Core.Checkpoints;
using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Doctor;

/// <summary>What each finding is worth, without the servers that it comes from.</summary>
public sealed class JudgementTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TenantId Demo = TenantId.Parse("demo");

    private static readonly Digest Root = Digest.Sha256([1]), OtherRoot = Digest.Sha256([2]);

    [Theory]
    [InlineData("off", null, null, 0, false, false, CheckOutcome.Absent)]
    [InlineData("off", null, null, 0, false, true, CheckOutcome.Fail)]
    [InlineData("on", null, null, 0, false, false, CheckOutcome.Warn)]
    [InlineData("on", null, null, 0, false, true, CheckOutcome.Fail)]
    [InlineData("on", 3, null, 0, false, true, CheckOutcome.Pass)]
    [InlineData("on", 15, null, 0, false, true, CheckOutcome.Pass)]
    [InlineData("on", 16, null, 0, true, true, CheckOutcome.Fail)]
    [InlineData("on", 16, null, 20, true, true, CheckOutcome.Fail)]
    [InlineData("on", 600, null, 5, true, true, CheckOutcome.Pass)]
    [InlineData("on", 600, null, 5, false, true, CheckOutcome.Fail)]
    [InlineData("on", 3, 2, 5, true, false, CheckOutcome.Fail)]
    [InlineData("always", 3, 4, 5, true, false, CheckOutcome.Pass)]
    [InlineData("on", null, 4, 5, true, false, CheckOutcome.Fail)]
    public void A_backup_is_as_good_as_the_last_WAL_that_was_archived(
        string mode, int? archivedAgo, int? failedAgo, int timeout, bool level, bool required, CheckOutcome expected) =>
        Assert.Equal(expected, BackupCheck.Judge(new WalArchive(mode, Ago(archivedAgo), Ago(failedAgo), Now,
            TimeSpan.FromMinutes(timeout), level), required).Outcome);

    [Theory]
    [InlineData(null, CheckOutcome.Pass)]
    [InlineData(5, CheckOutcome.Pass)]
    [InlineData(6, CheckOutcome.Warn)]
    [InlineData(60, CheckOutcome.Warn)]
    [InlineData(61, CheckOutcome.Fail)]
    public void A_job_that_is_due_and_that_nobody_takes_means_that_no_workers_run(int? minutes, CheckOutcome expected)
    {
        var verdict = QueuesCheck.Judge([new QueueState("a", 1, null, null),
            new QueueState("people.to_apply", 7, minutes is { } due ? TimeSpan.FromMinutes(due) : null, "network")]);
        Assert.Equal(expected, verdict.Outcome);
        Assert.Contains("people.to_apply", verdict.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, CheckOutcome.Pass)]
    [InlineData(61, CheckOutcome.Warn)]
    [InlineData(600, CheckOutcome.Warn)]
    [InlineData(601, CheckOutcome.Fail)]
    public void Entries_that_wait_for_a_checkpoint_mean_that_no_integrator_works(int seconds, CheckOutcome expected)
    {
        var oldest = TimeSpan.FromSeconds(seconds);
        var verdict = CheckpointsCheck.Judge(
            [new UncoveredLog("demo/1", 3, TimeSpan.FromSeconds(1)), new UncoveredLog("acme/2", 7, oldest)]);
        Assert.Equal(expected, verdict.Outcome);
        Assert.Equal(expected != CheckOutcome.Pass, verdict.Text.Contains("acme/2 (7, the oldest for ", StringComparison.Ordinal));
        Assert.DoesNotContain("demo/1", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Migrations_are_those_of_this_program_to_the_letter()
    {
        var known = new Dictionary<string, byte[]> { ["001_a.sql"] = [1], ["002_b.sql"] = [2] };
        Assert.Equal(Verdict.Pass("2 applied, the newest 002_b.sql"), MigrationsCheck.Judge(known, known));
        Assert.Equal("not applied: 002_b.sql: run `Ledger.Workers migrate`",
            MigrationsCheck.Judge(new Dictionary<string, byte[]> { ["001_a.sql"] = [1] }, known).Text);
        var strange = MigrationsCheck.Judge(
            new Dictionary<string, byte[]> { ["001_a.sql"] = [9], ["002_b.sql"] = [2], ["003_c.sql"] = [3] }, known);
        Assert.Equal((CheckOutcome.Fail, "003_c.sql is of a newer version than this program: deploy that one here too; "
            + "001_a.sql has another text than the one that was applied"), (strange.Outcome, strange.Text));
    }

    [Fact]
    public void A_guard_that_is_gone_off_or_another_is_named_and_so_is_a_role_above_it()
    {
        var whole = GuardsCheck.Expected.Select(one => new Guard(one.Table, one.Trigger, one.Function, 'A')).ToList();
        Assert.Equal(CheckOutcome.Pass, GuardsCheck.Judge(whole, ["schema_migrations"], []).Outcome);
        foreach (var state in "OD")
            Assert.Contains("tiles.append_only is not ENABLE ALWAYS", GuardsCheck.Judge(
                [.. whole.Select(one => one.Table == "tiles" ? one with { Enabled = state } : one)], [], []).Text,
                StringComparison.Ordinal);
        Assert.Equal("tiles.append_only is gone", GuardsCheck.Judge([.. whole.Where(one => one.Table != "tiles")], [], []).Text);
        Assert.Equal("tiles.append_only runs nothing, not refuse_change", GuardsCheck.Judge(
            [.. whole.Select(one => one.Table == "tiles" ? one with { Function = "nothing" } : one)], [], []).Text);
        Assert.Equal("no row-level security on entry_meta, jobs",
            GuardsCheck.Judge(whole, ["jobs", "schema_migrations", "entry_meta"], []).Text);
        Assert.Contains("does not hold for ledger_api", GuardsCheck.Judge(whole, [], ["ledger_api"]).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 10, 10, false, null)]
    [InlineData(10, 12, 10, false, null)]
    [InlineData(8, 12, 10, false, CheckOutcome.Warn)]
    [InlineData(13, 12, 10, false, CheckOutcome.Fail)]
    [InlineData(10, 10, 10, true, CheckOutcome.Fail)]
    [InlineData(11, 12, 10, false, null)] // a crash between mark and tree, or an integrator at work
    [InlineData(null, 0, 0, false, null)]
    [InlineData(null, 3, 0, false, CheckOutcome.Fail)]
    public void A_log_is_held_against_what_was_shown_of_it(int? mark, int next, int tree, bool another, CheckOutcome? expected) =>
        Assert.Equal(expected, MarksCheck.Judge(new ExaminedLog(Demo, 1, next, tree, Root, null),
            mark is { } size ? new HighWaterMark(Demo, 1, size, another ? OtherRoot : Root, "") : null, null)?.Outcome);

    [Fact]
    public void A_halted_log_fails_and_so_does_an_epoch_that_the_database_forgot()
    {
        var mark = new HighWaterMark(Demo, 1, 3, Root, "");
        Assert.Equal("demo/1 is halted (log-halted): docs/runbooks/log-rolled-back.md",
            MarksCheck.Judge(new ExaminedLog(Demo, 1, 3, 3, Root, "log-halted"), mark, null)?.Text);
        Assert.Contains("epoch 2 was shown", MarksCheck.Judge(new ExaminedLog(Demo, 1, 3, 3, Root, null), mark,
            new HighWaterMark(Demo, 2, 1, Root, ""))?.Text, StringComparison.Ordinal);
        Assert.Null(MarksCheck.Judge(new ExaminedLog(Demo, 1, 3, 3, Root, null), mark, HighWaterMark.OfEmptyLog(Demo, 2)));
    }

    [Fact]
    public void A_key_is_the_one_that_signed_or_nothing_is()
    {
        var (one, two) = (Spki.OfEd25519(new byte[32]), Spki.OfEd25519([.. Enumerable.Repeat((byte)7, 32)]));
        var stored = new Dictionary<int, SigningKey> { [1] = SigningKey.Create(KeyPurpose.Entry, "k", 1, one) };
        Assert.Null(KeysCheck.Judge("k", stored, new Dictionary<int, byte[]> { [1] = one, [2] = two }));
        Assert.Contains("another key than the one that signed",
            KeysCheck.Judge("k", stored, new Dictionary<int, byte[]> { [1] = two })?.Text, StringComparison.Ordinal);
        Assert.Contains("which signed before", KeysCheck.Judge("k", stored, null)?.Text, StringComparison.Ordinal);
        Assert.Contains("Vault:TransitKey", KeysCheck.Judge("k", new Dictionary<int, SigningKey>(), null)?.Text, StringComparison.Ordinal);
        stored[2] = SigningKey.Create(KeyPurpose.Entry, "k", 2, two);
        Assert.Contains("restored from an older backup",
            KeysCheck.Judge("k", stored, new Dictionary<int, byte[]> { [1] = one })?.Text, StringComparison.Ordinal);
        // min_decryption_version: old versions may be out of Vault, they sign no more.
        Assert.Null(KeysCheck.Judge("k", stored, new Dictionary<int, byte[]> { [2] = two }));
    }

    [Theory]
    [InlineData(0, 365, CheckOutcome.Pass)]
    [InlineData(301, 365, CheckOutcome.Warn)]
    [InlineData(-301, 365, CheckOutcome.Warn)]
    [InlineData(0, 29, CheckOutcome.Warn)]
    [InlineData(0, 0, CheckOutcome.Fail)]
    [InlineData(301, -1, CheckOutcome.Fail)]
    public void A_timestamping_authority_has_our_time_and_certificates_that_last(int skewSeconds, int days, CheckOutcome expected) =>
        Assert.Equal(expected, TimestampingCheck.Judge(new TrustedTimestampAuthority("http://tsa.test", [], Now, null),
            TimeSpan.FromSeconds(skewSeconds), Now.AddDays(days), Now).Outcome);

    private static DateTimeOffset? Ago(int? minutes) => minutes is { } ago ? Now.AddMinutes(-ago) : null;
}
