using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Core.Tenancy;

namespace Ledger.Core.People;

/// <summary>The one-time code of an invitation: whoever has it accepts, and signs in with it as a temporary password. Shown in one mail and
/// kept nowhere; the database has its SHA-256.</summary>
/// <remarks>Raw: <c>lgi_demo_019a0c5e00007000800000000000000a_</c> and 52 random characters of <c>a-z2-7</c>: 260 bits.</remarks>
public sealed partial class InvitationCode
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int SecretCharacters = 52;

    private InvitationCode(TenantId tenant, Guid invitation, string text) => (Tenant, Invitation, Text) = (tenant, invitation, text);

    public TenantId Tenant { get; }

    public Guid Invitation { get; }

    /// <summary>The code itself: a secret.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the text. Not slowed down: 260 random bits are not guessed.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <summary>A new code of an invitation.</summary>
    public static InvitationCode Make(TenantId tenant, Guid invitation) =>
        new(tenant, invitation, $"lgi_{tenant}_{invitation:N}_{RandomNumberGenerator.GetString(Alphabet, SecretCharacters)}");

    /// <summary>Whether a text could be a code; whether it is one, only the hash says.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InvitationCode? code)
    {
        code = null;
        if (Pattern().Match(text) is not { Success: true } match || !TenantId.TryParse(match.Groups[1].Value, out var tenant)) return false;
        code = new InvitationCode(tenant, Guid.ParseExact(match.Groups[2].Value, "N"), text);
        return true;
    }

    /// <summary>Compares in a time that does not depend on where two hashes differ.</summary>
    /// <param name="hash">Null: of no invitation; as long as any other.</param>
    public bool IsOf(byte[]? hash) =>
        CryptographicOperations.FixedTimeEquals(Hash, hash ?? new byte[SHA256.HashSizeInBytes]) && hash is not null;

    public override string ToString() => $"lgi_{Tenant}_{Invitation:N}_…";

    [GeneratedRegex(@"\Algi_([a-z0-9-]{1,54})_([0-9a-f]{32})_[a-z2-7]{52}\z")]
    private static partial Regex Pattern();
}
