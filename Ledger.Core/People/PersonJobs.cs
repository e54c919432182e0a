using System.Text.Json;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Makes the jobs of this room, in the transaction of the change. Where one is open already, it is the one: what it finds when it
/// ends is the newest version. One that waits to be tried again is due now,
/// unless the other side asked to be left alone for longer.</summary>
public sealed class PersonJobs(JobQueue queue, TimeProvider time)
{
    /// <remarks>Raw: <c>{"person":"019a0c5e-0000-7000-8000-000000000001"}</c></remarks>
    public Task ApplyAsync(LedgerTransaction transaction, TenantId tenant, Guid person, CancellationToken cancel) =>
        EnqueueAsync(transaction, new NewJob(tenant, JobQueues.PeopleToApply, $$"""{"person":"{{person}}"}"""), ApplySoonerSql, person,
            cancel);

    /// <param name="actor">The principal in whose name people are adopted.</param>
    /// <remarks>Raw: <c>{"by":"5c0f…@ledger"}</c></remarks>
    public Task AdoptAsync(LedgerTransaction transaction, TenantId tenant, string actor, CancellationToken cancel) =>
        EnqueueAsync(transaction, new NewJob(tenant, JobQueues.PeopleToAdopt,
            JsonSerializer.Serialize(new Dictionary<string, string> { ["by"] = actor })), sooner: null, Guid.Empty, cancel);

    /// <summary>In whose name a job of <see cref="JobQueues.PeopleToAdopt"/> is done.</summary>
    public static string ActorOf(string args)
    {
        using var document = JsonDocument.Parse(args);
        return document.RootElement.GetProperty("by").GetString()!;
    }

    /// <summary>Also of people whom Keycloak has as they are wanted, by what their rows say.</summary>
    /// <remarks>Raw: <c>{"person":"019a0c5e-0000-7000-8000-000000000001","again":true}</c></remarks>
    public async Task ApplyAgainAsync(LedgerTransaction transaction, TenantId tenant, IReadOnlyList<Guid> people, CancellationToken cancel)
    {
        await using var batch = transaction.Batch();
        queue.Add(batch, [.. people.Select(person =>
            new NewJob(tenant, JobQueues.PeopleToApply, $$"""{"person":"{{person}}","again":true}"""))]);
        batch.Add("SELECT pg_notify($1, $2)", Text(JobQueues.WakeChannel), Text(JobQueues.PeopleToApply));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <remarks>Raw: <c>{"kind":"invitation","invitation":"019a0c5e-0000-7000-8000-000000000002"}</c></remarks>
    public Task MailAsync(LedgerTransaction transaction, TenantId tenant, Guid invitation, CancellationToken cancel) =>
        EnqueueAsync(transaction, new NewJob(tenant, JobQueues.Notifications,
            $$"""{"kind":"invitation","invitation":"{{invitation}}"}"""), MailSoonerSql, invitation, cancel);

    /// <summary>What a job of this room is about.</summary>
    /// <param name="member"><c>person</c> or <c>invitation</c>.</param>
    public static Guid IdOf(string args, string member)
    {
        using var document = JsonDocument.Parse(args);
        return document.RootElement.GetProperty(member).GetGuid();
    }

    /// <summary>Whether a person is to be applied although they are.</summary>
    public static bool IsAgain(string args)
    {
        using var document = JsonDocument.Parse(args);
        return document.RootElement.TryGetProperty("again", out var again) && again.ValueKind == JsonValueKind.True;
    }

    // The queue's name is written out: the index of open jobs is of that queue alone. A job that is claimed meanwhile is running, and stays
    // as it is.
    private const string ApplySoonerSql = """
        UPDATE jobs SET next_retry_at = GREATEST($3, not_before)
         WHERE tenant_id = $1 AND queue = 'people.to_apply' AND args ->> 'person' = $2 AND status = 'pending'
               AND next_retry_at > GREATEST($3, not_before)
        """;

    private const string MailSoonerSql = """
        UPDATE jobs SET next_retry_at = GREATEST($3, not_before)
         WHERE tenant_id = $1 AND queue = 'notifications.to_send' AND args ->> 'invitation' = $2 AND status = 'pending'
               AND next_retry_at > GREATEST($3, not_before)
        """;

    private async Task EnqueueAsync(LedgerTransaction transaction, NewJob job, string? sooner, Guid about, CancellationToken cancel)
    {
        await using var batch = transaction.Batch();
        queue.Add(batch, [job]);
        if (sooner is not null) batch.Add(sooner, Text(job.Tenant.Value), Text(about.ToString()), Time(time.GetUtcNow()));
        batch.Add("SELECT pg_notify($1, $2)", Text(JobQueues.WakeChannel), Text(job.Queue));
        await batch.ExecuteNonQueryAsync(cancel);
    }
}
