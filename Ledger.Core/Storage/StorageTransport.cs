using Amazon.Runtime;

namespace Ledger.Core.Storage;

/// <summary>Sends every request once. Left to itself the SDK sends a request whose connection ended without an answer again, up to ten
/// times, conditional puts too: the second is refused because of the first, and nobody knows that there was one.</summary>
internal sealed class StorageTransport : HttpClientFactory, IDisposable
{
    // A captured client would never look its server's name up again: connections are renewed instead.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = new(new Once(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = StorageResilience.Attempt,
        AllowAutoRedirect = false, // what a put is sent on to may be got, and taken for stored
        UseCookies = false,
    })) { Timeout = StorageResilience.Total };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => http.Dispose();

    private sealed class Once(HttpMessageHandler handler) : DelegatingHandler(handler)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A request that waits for 100 Continue counts as not sent, and the runtime would send it again.
            request.Headers.ExpectContinue = false;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            // The SDK knows a connection that broke, with the request on it, by the exception inside.
            catch (HttpRequestException e) when (e.HttpRequestError is not (HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError))
            {
                throw new HttpRequestException(e.HttpRequestError, e.Message);
            }
        }
    }
}
