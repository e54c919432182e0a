using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Api.Tenancy;

/// <summary>Tells a token that is bad from one that cannot be judged, because the issuer never answered since this process began.
/// Once its keys were read they stay in use while it is away.</summary>
internal static class IssuerKeys
{
    private static readonly object Unreachable = new();

    public static async Task NoteFailureAsync(AuthenticationFailedContext failed)
    {
        if (failed.Exception is not (SecurityTokenSignatureKeyNotFoundException or InvalidOperationException)) return;
        try
        {
            await failed.Options.ConfigurationManager!.GetConfigurationAsync(failed.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            failed.HttpContext.Items[Unreachable] = true;
            failed.NoResult();
        }
    }

    public static bool WereUnreachable(HttpContext context) => context.Items.ContainsKey(Unreachable);
}
