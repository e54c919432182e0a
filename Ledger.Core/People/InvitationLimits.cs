using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>How much a tenant mails, so that nobody's mailbox is filled through us.</summary>
internal static class InvitationLimits
{
    /// <summary>Mails to one address within an hour, of one tenant: of an invitation, of it again, of its successors.</summary>
    public const int MailsPerHour = 5;

    /// <summary>Invitations of one tenant within an hour.</summary>
    public const int InvitationsPerHour = 100;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Counts one more mail to a person, whose row is held.</summary>
    /// <param name="type">Of the refusal.</param>
    public static async Task CountMailAsync(LedgerTransaction transaction, TenantId tenant, Guid person, DateTimeOffset now,
        ProblemType type, CancellationToken cancel)
    {
        var counted = await transaction.ExecuteAsync($"""
            UPDATE people SET mails_at = (mails_at || $3::timestamptz)[GREATEST(1, cardinality(mails_at) + 2 - {MailsPerHour}):]
             WHERE tenant_id = $1 AND id = $2 AND (SELECT count(*) FROM unnest(mails_at) at WHERE at > $4) < {MailsPerHour}
            """, cancel, Text(tenant.Value), Id(person), Time(now), Time(now - Hour));
        if (counted == 1) return;
        await using var reader = await transaction.QueryAsync("SELECT mails_at[1] FROM people WHERE tenant_id = $1 AND id = $2", cancel,
            Text(tenant.Value), Id(person));
        await reader.ReadAsync(cancel);
        throw Refused(type, $"At most {MailsPerHour} mails go to an address within an hour.", reader.GetTime(0), now);
    }

    /// <summary>The tenant's row is held, so that what is counted stays so.</summary>
    /// <exception cref="LedgerProblemException">rate-limited.</exception>
    public static async Task CheckTenantAsync(LedgerTransaction transaction, TenantId tenant, DateTimeOffset now, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync($"""
            SELECT count(*), min(created_at) FROM (
                SELECT created_at FROM invitations WHERE tenant_id = $1 AND created_at > $2
                 ORDER BY created_at DESC LIMIT {InvitationsPerHour}) newest
            """, cancel, Text(tenant.Value), Time(now - Hour));
        await reader.ReadAsync(cancel);
        if (reader.GetInt64(0) < InvitationsPerHour) return;
        throw Refused(ProblemTypes.RateLimited, $"A tenant invites at most {InvitationsPerHour} people within an hour.", reader.GetTime(1),
            now);
    }

    private static LedgerProblemException Refused(ProblemType type, string detail, DateTimeOffset oldest, DateTimeOffset now) =>
        new(new LedgerProblem(type, detail) { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling((oldest + Hour - now).TotalSeconds)) });
}
