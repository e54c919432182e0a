using System.Globalization;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Verify.Entries;

namespace Ledger.Api.People;

/// <summary>Reads what is sent about people.</summary>
internal static class PeopleRequests
{
    private const int MostBytes = 8 * 1024;

    private static readonly string[] InviteMembers = ["email", "first_name", "last_name", "role", "identity_provider"];
    private static readonly string[] AdministratorMembers = ["email", "first_name", "last_name"];
    private static readonly string[] InvitedLinkMembers = ["alias", "user_id", "user_name"];
    private static readonly string[] LinkMembers = ["user_id", "user_name"];
    private static readonly string[] AcceptMembers = ["token"];
    private static readonly string[] RoleMembers = ["role"];

    /// <remarks>Raw: <c>{"email":"ada@example.com","first_name":"Ada","last_name":"Byron","role":"CLIENT_TECH",
    /// "identity_provider":{"alias":"demo-sso","user_id":"ext-1","user_name":"ada"}}</c></remarks>
    public static async Task<NewPerson> ReadInvitedAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, MostBytes, InviteMembers, cancel);
        var link = body.OptionalBody("identity_provider", InvitedLinkMembers) is { } provider
            ? new ProviderLink(provider.Text("alias"), provider.Text("user_id"), provider.Text("user_name")) : null;
        return new NewPerson(body.Text("email"), body.Text("first_name"), body.Text("last_name"), body.Text("role"), link);
    }

    /// <remarks>Raw: <c>{"email":"ada@example.com","first_name":"Ada","last_name":"Byron"}</c></remarks>
    public static async Task<NewPerson> ReadAdministratorAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, MostBytes, AdministratorMembers, cancel);
        return new NewPerson(body.Text("email"), body.Text("first_name"), body.Text("last_name"), Roles.ClientAdmin);
    }

    /// <remarks>Raw: <c>{"token":"lgi_demo_019a…_a2…"}</c></remarks>
    public static async Task<string> ReadCodeAsync(HttpRequest request, CancellationToken cancel) =>
        (await JsonBody.ReadAsync(request, MostBytes, AcceptMembers, cancel)).Text("token");

    /// <remarks>Raw: <c>{"role":"AUDITOR"}</c></remarks>
    public static async Task<string> ReadRoleAsync(HttpRequest request, CancellationToken cancel) =>
        (await JsonBody.ReadAsync(request, MostBytes, RoleMembers, cancel)).Text("role");

    /// <remarks>Raw: <c>{"user_id":"ext-1","user_name":"ada"}</c></remarks>
    public static async Task<ProviderLink> ReadLinkAsync(HttpRequest request, string alias, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, MostBytes, LinkMembers, cancel);
        return new ProviderLink(alias, body.Text("user_id"), body.Text("user_name"));
    }

    /// <summary>What is no id is nobody's.</summary>
    public static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id
        : throw new LedgerProblemException(ProblemAnswer.NotFound);

    /// <summary>Where a page of people or invitations ended, as text and back.</summary>
    public static string Place(DateTimeOffset at, Guid id) => string.Create(CultureInfo.InvariantCulture, $"{LedgerTime.Format(at)} {id}");

    public static (DateTimeOffset, Guid) Place(string text) =>
        text.Split(' ') is [var at, var id] && LedgerTime.TryParse(at, out var time) ? (time, Guid.Parse(id))
        : throw new FormatException("A cursor of people has two parts.");
}
