namespace Ledger.Core.Jobs;

/// <summary>The queues' names, as the runbooks spell them.</summary>
public static class JobQueues
{
    /// <summary>One job per tenant, epoch and transparency log: its newest checkpoint.</summary>
    public const string CheckpointAnchors = "checkpoints.to_anchor";

    /// <summary>One job per entry and transparency log: payload and attestation anchors.</summary>
    public const string EntryAnchors = "entries.to_anchor";

    /// <summary>One job per tenant that was asked for and is not open yet.</summary>
    public const string TenantOpenings = "tenants.to_open";

    /// <summary>One open job per person: Keycloak's user is to become what the row says.</summary>
    public const string PeopleToApply = "people.to_apply";

    /// <summary>One open job per tenant: users whom an operator made in Keycloak are to become people.</summary>
    public const string PeopleToAdopt = "people.to_adopt";

    /// <summary>One open job per invitation: a mail.</summary>
    public const string Notifications = "notifications.to_send";

    public static readonly IReadOnlyList<string> All =
        [CheckpointAnchors, EntryAnchors, TenantOpenings, PeopleToApply, PeopleToAdopt, Notifications];

    /// <summary>The channel that says a queue has new work, its name as payload. It only wakes: who misses it finds the work by
    /// polling.</summary>
    public const string WakeChannel = "ledger_jobs";
}
