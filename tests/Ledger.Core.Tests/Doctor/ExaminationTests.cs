using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Testing.Time;

namespace Ledger.Core.Tests.Doctor;

/// <summary>Many checks, one report: no check can hide, end or hold up another.</summary>
public sealed class ExaminationTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Lines_keep_the_order_of_the_checks_and_the_last_names_what_failed()
    {
        var report = await RunAsync(new ScriptedCheck("database", Verdict.Pass("fine")),
            new ScriptedCheck("rekor log.test", Verdict.Fail("gone")),
            new ScriptedCheck("mail", Verdict.Absent("")), new ScriptedCheck("queues", Verdict.Warn("late")));
        Assert.Equal(
            [
                "database        pass    fine",
                "rekor log.test  fail    gone (docs/doctor.md#rekor)",
                "mail            absent",
                "queues          warn    late (docs/doctor.md#queues)",
                "failed: rekor log.test",
            ], report.Lines());
        Assert.False(report.IsHealthy);
    }

    [Fact]
    public async Task Warnings_and_what_is_absent_leave_it_healthy()
    {
        var report = await RunAsync(new ScriptedCheck("mail", Verdict.Absent("off")), new ScriptedCheck("queues", Verdict.Warn("late")));
        Assert.True(report.IsHealthy);
        Assert.Equal("healthy", report.Lines().Last());
    }

    [Fact]
    public async Task A_check_that_throws_is_its_own_line_and_says_nothing_that_it_should_not()
    {
        var report = await RunAsync(new ScriptedCheck("a", _ => throw new InvalidOperationException("password=hunter2")),
            new ScriptedCheck("b", _ => throw new IOException("disk full\nreally")), new ScriptedCheck("c", Verdict.Pass("fine")),
            new ScriptedCheck("d", _ => throw new TaskCanceledException()));
        Assert.Equal([(CheckOutcome.Fail, "the check itself failed: InvalidOperationException (docs/doctor.md#a)"),
            (CheckOutcome.Fail, "disk full really (docs/doctor.md#b)"), (CheckOutcome.Pass, "fine"),
            (CheckOutcome.Fail, "no answer in time (docs/doctor.md#d)")],
            report.Checks.Select(line => (line.Outcome, line.Text)));
    }

    [Fact]
    public async Task A_check_that_never_ends_fails_after_its_own_time_though_it_heeds_no_cancellation()
    {
        var begun = new TaskCompletionSource();
        var running = RunAsync(new ScriptedCheck("vault", _ =>
        {
            begun.SetResult();
            return new TaskCompletionSource<Verdict>().Task;
        }), new ScriptedCheck("mail", Verdict.Pass("fine")));
        await begun.Task;
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(running, Task.Delay(1));
        }
        Assert.Equal(["nothing came within 10 s (docs/doctor.md#vault)", "fine"], (await running).Checks.Select(line => line.Text));
    }

    [Fact]
    public async Task Whoever_asked_and_left_gets_no_report()
    {
        using var left = new CancellationTokenSource();
        var running = new Examination([new ScriptedCheck("vault", async cancel =>
        {
            await left.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancel);
            return Verdict.Pass("");
        })], time).RunAsync(left.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Theory]
    [InlineData(true, CheckOutcome.Absent, "not checked: database failed")]
    [InlineData(false, CheckOutcome.Fail, "the database cannot be reached (docs/doctor.md#queues)")]
    public async Task What_lacks_the_database_is_absent_only_where_the_databases_own_line_failed(
        bool fails, CheckOutcome outcome, string text)
    {
        var report = await RunAsync(new ScriptedCheck("database", fails ? Verdict.Fail("down") : Verdict.Pass("up")),
            new ScriptedCheck("queues", _ => throw new PrerequisiteException("database", "the database cannot be reached")));
        Assert.Equal((outcome, text), (report.Checks[1].Outcome, report.Checks[1].Text));
        Assert.False(report.IsHealthy);
    }

    [Fact]
    public async Task A_check_that_blocks_its_thread_holds_up_nobody_either()
    {
        using var never = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var running = Task.Run(() => RunAsync(new ScriptedCheck("storage", _ =>
        {
            begun.Set();
            never.Wait(CancellationToken.None);
            return Task.FromResult(Verdict.Pass(""));
        }), new ScriptedCheck("mail", Verdict.Pass("fine"))));
        begun.Wait(CancellationToken.None);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(running, Task.Delay(1));
        }
        never.Set();
        Assert.Equal(["nothing came within 10 s (docs/doctor.md#storage)", "fine"], (await running).Checks.Select(line => line.Text));
    }

    [Fact]
    public async Task What_a_server_says_cannot_break_out_of_its_line()
    {
        var line = (await RunAsync(new ScriptedCheck("rekor a\nb",
            Verdict.Fail("550 no\r\nvault  pass\u2028x\u000by\u001b[2Jz\0\u202Eend\u0085\t.")))).Lines().First();
        Assert.Equal("rekor a b  fail    550 no vault  pass x y [2Jz  end  . (docs/doctor.md#rekor)", line);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public async Task A_line_ends_between_two_characters()
    {
        var line = (await RunAsync(new ScriptedCheck("a", Verdict.Pass(new string('x', Examination.MostText - 2) + "😀😀")))).Checks[0];
        Assert.EndsWith("x…", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_has_an_end()
    {
        var line = (await RunAsync(new ScriptedCheck("a", Verdict.Pass(new string('x', 10_000))))).Checks[0];
        Assert.Equal(Examination.MostText, line.Text.Length);
    }

    [Fact]
    public async Task Many_who_ask_share_one_report_for_ten_seconds()
    {
        var runs = 0;
        var rounds = new DoctorRounds(new Examination([new ScriptedCheck("a", _ =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(Verdict.Pass(""));
        })], time), time);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rounds.ReportAsync(CancellationToken.None)));
        Assert.Equal(1, runs);
        time.Advance(DoctorRounds.Freshness - TimeSpan.FromMilliseconds(1));
        await rounds.ReportAsync(CancellationToken.None);
        Assert.Equal(1, runs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await rounds.ReportAsync(CancellationToken.None);
        Assert.Equal(2, runs);
    }

    private Task<DoctorReport> RunAsync(params IDoctorCheck[] checks) => new Examination(checks, time).RunAsync(CancellationToken.None);
}
