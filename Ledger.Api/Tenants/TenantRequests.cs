using Ledger.Api.Operations;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;

namespace Ledger.Api.Tenants;

/// <summary>Reads what operators send about tenants.</summary>
internal static class TenantRequests
{
    private const int MostBytes = 16 * 1024;

    private static readonly string[] AddMembers = ["tenant", "name", "log_public", "admin"];
    private static readonly string[] AdminMembers = ["email", "first_name", "last_name"];
    private static readonly string[] SuspendMembers = ["reason"];
    private static readonly string[] LimitMembers = ["requests_per_second", "people", "api_keys", "identity_providers"];

    /// <remarks>Raw: <c>{"tenant":"acme","admin":{"email":"ada@example.com","first_name":"Ada","last_name":"L"}}</c></remarks>
    public static async Task<NewTenant> ReadNewAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, MostBytes, AddMembers, cancel);
        if (!TenantId.TryParse(body.Text("tenant"), out var tenant) || tenant.IsReserved)
            throw Invalid("tenant", "[a-z0-9][a-z0-9-]{0,53}, and not begin with platform- or receipts-");
        var name = body.OptionalText("name");
        if (name is not null && !IsLine(name, TenantText.NameCharacters))
            throw Invalid("name", $"1 to {TenantText.NameCharacters} characters without controls");
        var admin = body.OptionalBody("admin", AdminMembers);
        return new NewTenant(tenant, name, body.Flag("log_public"),
            admin is null ? null : new FirstAdmin(admin.Text("email"), admin.Text("first_name"), admin.Text("last_name")));
    }

    /// <remarks>Raw: <c>{"reason":"contract ended"}</c></remarks>
    public static async Task<string> ReadReasonAsync(HttpRequest request, CancellationToken cancel)
    {
        var reason = (await JsonBody.ReadAsync(request, MostBytes, SuspendMembers, cancel)).Text("reason");
        // It stays in the audit trail for good, where no address may be.
        return IsLine(reason, TenantText.ReasonCharacters) && !reason.Contains('@') ? reason
            : throw Invalid("reason", $"1 to {TenantText.ReasonCharacters} characters without controls and without '@'");
    }

    /// <remarks>Raw: <c>{"requests_per_second":200,"people":50,"identity_providers":["acme-sso"]}</c>; what is absent or null has no
    /// limit.</remarks>
    public static async Task<TenantAllowance> ReadLimitsAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, MostBytes, LimitMembers, cancel);
        return new TenantAllowance(body.OptionalNumber("requests_per_second", 1, TenantAllowance.Most),
            body.OptionalNumber("people", 0, TenantAllowance.Most), body.OptionalNumber("api_keys", 0, TenantAllowance.Most))
        {
            IdentityProviders = body.OptionalTexts("identity_providers", TenantAllowance.MostProviders,
                alias => PersonText.IsAlias(alias) && alias.Length <= TenantAllowance.ProviderCharacters,
                $"a list of at most {TenantAllowance.MostProviders} aliases of 1 to {TenantAllowance.ProviderCharacters} letters, digits, "
                + "'-', '_' or '.', each once"),
        };
    }

    private static bool IsLine(string text, int most) =>
        text.Length >= 1 && text.Length <= most && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text);

    private static LedgerProblemException Invalid(string name, string what) =>
        new(ProblemTypes.InvalidField, $"'{name}' must be {what}.", name);
}
