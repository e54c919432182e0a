using Ledger.Api.Operations;
using Ledger.Core.Signing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Signing;

/// <summary>The service's public keys, for anybody: all versions, and no word of any tenant.</summary>
internal static class LedgerKeysEndpoints
{
    public static void MapLedgerKeys(this IEndpointRouteBuilder app)
    {
        app.MapRead("/.well-known/ledger-keys", ListAsync)
            .WithName("list-ledger-keys").WithTags("Signing").WithSummary("The service's public keys, all versions. Names no tenant.")
                .AllowAnonymous();
    }

    private static async Task<Ok<LedgerKeys>> ListAsync(EntryKeys keys, HttpResponse response, CancellationToken cancel)
    {
        var all = await keys.AllAsync(cancel);
        response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(new LedgerKeys([.. all.Select(key => new LedgerKey(
            key.Purpose.SqlName(), key.KeyId, "ed25519", Convert.ToBase64String(key.Ed25519PublicKey), key.VaultVersion))]));
    }
}

public sealed record LedgerKeys(IReadOnlyList<LedgerKey> Keys);

/// <param name="Purpose"><c>entry</c> or <c>checkpoint</c>.</param>
/// <param name="KeyId">The SSH fingerprint, as <c>ssh-keygen -lf</c> prints it.</param>
/// <param name="PublicKey">The raw 32 bytes, base64.</param>
/// <param name="Version">The signer's number for it; a hint only.</param>
public sealed record LedgerKey(string Purpose, string KeyId, string Algorithm, string PublicKey, int Version);
