using System.Text.Json;
using Ledger.Core.Identity;

namespace Ledger.Api.Tenancy;

/// <summary>Reads an issuer's keys: from the address that is set, else from the one in its discovery document (OpenID Connect Discovery 1.0
/// §4). Redirects are not followed: the address is the issuer's word.</summary>
internal sealed class IssuerKeyFetch(IssuerOptions issuer) : IDisposable
{
    /// <summary>For the discovery document and the keys together.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            MaxResponseContentBufferSize = IssuerKeySet.MaxBytes,
            Timeout = Timeout,
        };

    public void Dispose() => http.Dispose();

    /// <exception cref="HttpRequestException">The issuer does not answer, not with 2xx, or with too much.</exception>
    /// <exception cref="OperationCanceledException">Not in time.</exception>
    /// <exception cref="JsonException">What it answers is no JSON.</exception>
    /// <exception cref="InvalidDataException">What it answers is not what was asked for.</exception>
    public async Task<IssuerKeySet> FetchAsync()
    {
        using var patience = new CancellationTokenSource(Timeout);
        var address = string.IsNullOrEmpty(issuer.JwksUri) ? await DiscoverAsync(patience.Token) : new Uri(issuer.JwksUri);
        return IssuerKeySet.Parse(await http.GetByteArrayAsync(address, patience.Token));
    }

    /// <summary>A discovery document, of which two members count:
    /// <c>{"issuer":"https://id.example.com/realms/ledger","jwks_uri":"https://id.example.com/realms/ledger/…/certs"}</c>.</summary>
    private async Task<Uri> DiscoverAsync(CancellationToken cancel)
    {
        using var document = JsonDocument.Parse(await http.GetByteArrayAsync(issuer.Metadata, cancel));
        // §4.3: equal to the letter, or it is the document of somebody else.
        if (Text(document.RootElement, "issuer") is var named && named != issuer.Issuer)
            throw new InvalidDataException($"The discovery document is of issuer '{named}', not of '{issuer.Issuer}'.");
        return Uri.TryCreate(Text(document.RootElement, "jwks_uri"), UriKind.Absolute, out var keys) && IssuerOptions.IsSafe(keys) ? keys
            : throw new InvalidDataException("The discovery document's jwks_uri must be https, except on loopback.");
    }

    private static string? Text(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
