namespace Ledger.Api.ApiKeys;

/// <summary>How requests with an API key are told from others.</summary>
internal static class ApiKeyAuthentication
{
    /// <summary>The authentication scheme of <see cref="ApiKeyHandler"/>.</summary>
    public const string Scheme = "api-key";

    /// <summary>What follows <c>Bearer </c> for a key and for nothing else: no JWT begins so, since its header is an object.</summary>
    public const string TokenStart = "lgk_";
}
