namespace Ledger.Core.Tests.Operations;

/// <summary>Which program reads a variable.</summary>
[Flags]
public enum ReadBy { Api = 1, Workers = 2, Both = Api | Workers }

/// <summary>Whether a program starts without it.</summary>
public enum Need
{
    /// <summary>It has a default, or what it turns on stays off.</summary>
    None,

    /// <summary>It does not start.</summary>
    Always,

    /// <summary>It starts with exactly one of those of the same section that are marked so.</summary>
    OneOf,

    /// <summary>It does not start where another one is set: <see cref="RequiredVariable.With"/>.</summary>
    WithAnother,
}

/// <summary>A variable that API or workers read. Of a list, the first element: <c>Rekor__Logs__0__Url</c>.</summary>
public sealed record RequiredVariable(string Name, ReadBy By, Need Need = Need.None, string? With = null)
{
    public string Section => Name[..Name.IndexOf("__", StringComparison.Ordinal)];
}

/// <summary>The one list of what API and workers take from the environment. Tests hold it against the options' classes, what the programs
/// say when they are started without, docs/configuration.md, the files of deploy/, the AppHost's source and the DevHost's.</summary>
public static class RequiredVariables
{
    public static IReadOnlyList<RequiredVariable> All { get; } =
    [
        new("ConnectionStrings__ledger", ReadBy.Both, Need.Always),
        new("Ledger__LogName", ReadBy.Both, Need.Always),
        new("Vault__Address", ReadBy.Both, Need.Always),
        new("Vault__EntryToken", ReadBy.Api, Need.Always),
        new("Vault__WorkerToken", ReadBy.Workers, Need.Always),
        new("Vault__TransitKey", ReadBy.Both),
        new("Vault__Mount", ReadBy.Both),
        new("HighWaterMark__Directory", ReadBy.Both, Need.OneOf),
        new("HighWaterMark__Bucket", ReadBy.Both, Need.OneOf),
        new("HighWaterMark__Prefix", ReadBy.Both),
        new("Storage__Endpoint", ReadBy.Both),
        new("Storage__Region", ReadBy.Both),
        new("Storage__PathStyle", ReadBy.Both),
        new("Storage__AccessKey", ReadBy.Both, Need.WithAnother, "Storage__SecretKey"),
        new("Storage__SecretKey", ReadBy.Both, Need.WithAnother, "Storage__AccessKey"),
        new("Storage__SessionToken", ReadBy.Both),
        new("Identity__Issuers__0__Issuer", ReadBy.Api, Need.Always),
        new("Identity__Issuers__0__Audience", ReadBy.Api, Need.Always),
        new("Identity__Issuers__0__Name", ReadBy.Api),
        new("Identity__Issuers__0__MetadataAddress", ReadBy.Api),
        new("Identity__Issuers__0__JwksUri", ReadBy.Api),
        new("Identity__Issuers__0__Clients__0", ReadBy.Api),
        new("Identity__Issuers__0__Algorithms__0", ReadBy.Api),
        new("Identity__Issuers__0__Roles__0", ReadBy.Api),
        new("Identity__Issuers__0__KeysFreshFor", ReadBy.Api),
        new("Identity__Issuers__0__KeysStaleFor", ReadBy.Api),
        new("Security__SensitiveActionMaxAge", ReadBy.Api),
        new("Security__SensitiveExemptClients__0", ReadBy.Api),
        new("Security__AdminAllowedCidrs__0", ReadBy.Api),
        new("Security__TrustedProxies__0", ReadBy.Api),
        new("RateLimits__RequestsPerSecond", ReadBy.Api),
        new("RateLimits__PublicRequestsPerSecond", ReadBy.Api),
        new("RateLimits__NewTokensPerSecond", ReadBy.Api),
        new("RateLimits__AcceptancesPerMinute", ReadBy.Api),
        new("Rekor__Logs__0__Url", ReadBy.Both),
        new("Rekor__Logs__0__Version", ReadBy.Both),
        new("Rekor__Logs__0__PublicKey", ReadBy.Both, Need.WithAnother, "Rekor__Logs__0__Url"),
        new("Rekor__Logs__0__Origin", ReadBy.Both),
        new("Rekor__Logs__0__SubmissionsPerHour", ReadBy.Both),
        new("Rekor__Logs__0__SubmissionsPer10Minutes", ReadBy.Both),
        new("Timestamping__Url", ReadBy.Both, Need.WithAnother, "Timestamping__Certificates"),
        new("Timestamping__Certificates", ReadBy.Both, Need.WithAnother, "Timestamping__Url"),
        new("LogWatch__IntervalSeconds", ReadBy.Workers),
        new("LogWatch__StaleSeconds", ReadBy.Workers),
        new("Jobs__Listen", ReadBy.Workers),
        new("Scrubber__EntriesPerSecond", ReadBy.Workers),
        new("People__KeycloakAddress", ReadBy.Workers),
        new("People__Realm", ReadBy.Workers),
        new("People__ClientId", ReadBy.Workers),
        new("People__ClientSecret", ReadBy.Workers, Need.WithAnother, "People__KeycloakAddress"),
        new("People__InvitationLifetime", ReadBy.Workers),
        new("People__PortalAddress", ReadBy.Workers),
        new("Smtp__Host", ReadBy.Workers),
        new("Smtp__Port", ReadBy.Workers),
        new("Smtp__From", ReadBy.Workers, Need.WithAnother, "Smtp__Host"),
        new("Smtp__UserName", ReadBy.Workers, Need.WithAnother, "Smtp__Password"),
        new("Smtp__Password", ReadBy.Workers, Need.WithAnother, "Smtp__UserName"),
        new("Smtp__StartTls", ReadBy.Workers),
        new("Doctor__BackupRequired", ReadBy.Both),
    ];

    /// <summary>What a program does not start without, whatever else is set; of the alternatives the one that production takes.</summary>
    public static IEnumerable<string> Of(ReadBy program) =>
        All.Where(v => (v.By & program) != 0 && (v.Need == Need.Always || v.Name == "HighWaterMark__Bucket")).Select(v => v.Name);
}
