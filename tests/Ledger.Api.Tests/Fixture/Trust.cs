using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Fixture;

/// <summary>The verifier's side: what ledger-verify would say, believing the keys that the ledger publishes.</summary>
internal static class Trust
{
    public static async Task<TrustFile> OfAsync(ApiUnderTest ledger, string tenant)
    {
        using var reader = ledger.ClientFor(tenant, "AUDITOR");
        Assert.True(TrustFile.TryParse(await reader.GetByteArrayAsync(new Uri($"/log/{tenant}/keys", UriKind.Relative)), out var trust,
            out var failure), failure.ToString());
        return trust;
    }

    public static async Task<(byte[] Bytes, Bundle Bundle)> BundleAsync(ApiUnderTest ledger, string tenant, string id)
    {
        using var reader = ledger.ClientFor(tenant, "AUDITOR");
        var bytes = await reader.GetByteArrayAsync(new Uri($"/entries/{id}/bundle", UriKind.Relative));
        Assert.True(Bundle.TryParse(bytes, out var bundle, out var failure), failure.ToString());
        return (bytes, bundle);
    }

    public static VerificationReport Judge(TrustFile trust, Bundle bundle, Verify.Digest? artifact = null) =>
        new BundleVerifier(trust).Verify(bundle, TrustPolicy.Default.WithoutAnchorsUnsafe(), artifact);
}
