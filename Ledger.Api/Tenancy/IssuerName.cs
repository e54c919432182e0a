using System.Text.RegularExpressions;

namespace Ledger.Api.Tenancy;

/// <summary>The short names of issuers, which end every principal: <c>alice@ledger</c>.</summary>
internal static partial class IssuerName
{
    private const int MaxLength = 63;

    public static bool IsName(string text) => Pattern().IsMatch(text);

    /// <summary><c>ledger</c> of <c>https://id.example.com/realms/ledger</c>; where there is no path, the host.</summary>
    public static string Short(string issuer) => Path(issuer) is { Length: > 0 } path ? Clean(path.Split('/')[^1]) : Clean(Host(issuer));

    /// <summary><c>ledger.id.example.com</c>: where another issuer has the short name already.</summary>
    public static string Long(string issuer) =>
        Clean(Path(issuer) is { Length: > 0 } path ? $"{path.Split('/')[^1]}.{Host(issuer)}" : Host(issuer));

    private static string Path(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? address.AbsolutePath.Trim('/') : "";

    private static string Host(string issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? address.Authority : "";

    private static string Clean(string text)
    {
        var clean = Others().Replace(text.ToLowerInvariant(), "-").TrimStart('-', '.');
        return clean.Length <= MaxLength ? clean : clean[..MaxLength];
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,62}\z")]
    private static partial Regex Pattern();

    [GeneratedRegex("[^a-z0-9.-]+")]
    private static partial Regex Others();
}
