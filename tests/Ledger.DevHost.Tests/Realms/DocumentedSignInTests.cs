using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Realms;

/// <summary>How docs/devhost.md has a person sign in, against the realm file that it is done with.</summary>
public sealed partial class DocumentedSignInTests
{
    [Fact]
    public void The_documented_challenge_is_of_the_documented_verifier_and_the_redirect_is_the_portals()
    {
        var page = File.ReadAllText(RepositoryPath.Of("docs", "devhost.md"));
        var verifier = Verifier().Match(page).Groups[1].Value;
        Assert.InRange(verifier.Length, 43, 128);
        Assert.Contains($"code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))}&", page,
            StringComparison.Ordinal);
        var redirects = Redirect().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, redirects.Count);
        var realm = File.ReadAllText(RepositoryPath.Of("Ledger.AppHost", "Realms", "Development", "ledger-realm.json"));
        Assert.All(redirects, redirect => Assert.Contains(redirect.Replace("http://localhost:8090",
            "${LEDGER_PORTAL_URL:http://localhost:8090}",
            StringComparison.Ordinal), realm, StringComparison.Ordinal));
    }

    [GeneratedRegex("code_verifier=([A-Za-z0-9._~-]+)")]
    private static partial Regex Verifier();

    [GeneratedRegex("redirect_uri=([^ &\"]+)")]
    private static partial Regex Redirect();
}
