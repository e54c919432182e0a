using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.ApiKeys;

/// <summary>A key as its holder sends it. One key has one spelling; what is not exactly one is none.</summary>
/// <remarks>Raw: <c>lgk_demo_mfrggzdfmztw_ge3dqnbvgy3tqojqgezdgnbvgy3tqojqgezdgnbvgy3tqojqgeza</c>: <c>lgk</c>, the tenant, 12 characters
/// that find the key, 52 that prove it: base32 (RFC 4648, lower case, no padding) of 32 random bytes. No tenant's id has an
/// underscore.</remarks>
public sealed class ApiKeyText
{
    public const string Start = "lgk_";
    public const int PrefixCharacters = 12;
    public const int SecretCharacters = 52;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int SecretBytes = 32;
    private const int MostCharacters = 4 + 54 + 1 + PrefixCharacters + 1 + SecretCharacters;

    private ApiKeyText(TenantId tenant, string prefix, string whole)
    {
        (Tenant, Prefix) = (tenant, prefix);
        Hash = Digest.Sha256(Encoding.ASCII.GetBytes(whole));
    }

    public TenantId Tenant { get; }

    /// <summary>Not secret: lists and the audit trail show it.</summary>
    public string Prefix { get; }

    /// <summary>SHA-256 of the whole text: what is stored. With 256 random bits in it no slower hash would be harder to reverse.</summary>
    public Digest Hash { get; }

    /// <summary>A new key of a tenant.</summary>
    /// <param name="whole">What its holder is shown once and what is kept nowhere.</param>
    public static ApiKeyText New(TenantId tenant, out string whole)
    {
        // 60 bits of a first random value: enough that a tenant's keys do not meet, and the table would refuse if they did.
        var prefix = Encode(RandomNumberGenerator.GetBytes(8))[..PrefixCharacters];
        whole = $"{Start}{tenant.Value}_{prefix}_{Encode(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return new ApiKeyText(tenant, prefix, whole);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKeyText? key)
    {
        key = null;
        if (text is null || text.Length > MostCharacters || !text.StartsWith(Start, StringComparison.Ordinal)) return false;
        if (text[Start.Length..].Split('_') is not [var name, var prefix, var secret]) return false;
        if (!TenantId.TryParse(name, out var tenant) || tenant.IsReserved) return false;
        if (!Are(prefix, PrefixCharacters) || !Are(secret, SecretCharacters)) return false;
        // 52 characters carry 260 bits: the last four are no part of the 256, and zero.
        if (Alphabet.IndexOf(secret[^1], StringComparison.Ordinal) % 16 != 0) return false;
        key = new ApiKeyText(tenant, prefix, text);
        return true;
    }

    /// <summary>Whose and which, never the secret.</summary>
    public override string ToString() => $"{Start}{Tenant}_{Prefix}_…";

    private static bool Are(string text, int length) => text.Length == length && text.All(c => c is >= 'a' and <= 'z' or >= '2' and <= '7');

    private static string Encode(byte[] bytes)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < bytes.Length * 8; bit += 5)
        {
            var pair = bytes[bit / 8] << 8 | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
            text.Append(Alphabet[pair >> (11 - bit % 8) & 31]);
        }
        return text.ToString();
    }
}
