using System.Security.Claims;
using System.Text.Encodings.Web;
using Ledger.Api.Operations;
using Ledger.Api.Tenancy;
using Ledger.Core.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.ApiKeys;

/// <summary>Tells who the holder of a key is. Why a key is refused is not the caller's to know: 401, the same for all.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    ApiKeyReader keys, ApiKeyUses uses, RefusedAccess refused, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    // One object, without the text of what was sent: failures are logged by the framework.
    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The API key is not valid here.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } sent] || !sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || !ApiKeyText.TryParse(sent[Bearer.Length..], out var text)) return Refused;
        if (await keys.FindAsync(text, Context.RequestAborted) is not { } key) return Refused;
        var state = key.StateAt(clock.GetUtcNow());
        if (state != ApiKeyState.Active)
        {
            // Whoever sends this has the secret: no stranger, but one who lost the right.
            refused.NoteWhenAnswered(Context, text.Tenant, key.Principal,
                state == ApiKeyState.Revoked ? "api-key-revoked" : "api-key-expired");
            return Refused;
        }
        uses.Note(text.Tenant, key);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(Identity(text, key)), Scheme.Name));
    }

    private ClaimsIdentity Identity(ApiKeyText text, ApiKey key) => new(
    [
        new Claim("sub", key.Principal),
        new Claim("tenant", text.Tenant.Value),
        new Claim(LedgerClaims.Principal, key.Principal),
        .. key.Scopes.Select(scope => new Claim(LedgerClaims.Scope, scope)),
    ], Scheme.Name, "sub", LedgerClaims.Role);
}
