using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>What a user proves themselves with.</summary>
/// <param name="Id">UUID.</param>
/// <param name="Type"><c>password</c> or <c>otp</c>.</param>
/// <param name="CreatedDate">Milliseconds since 1970.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PasswordCredential), "password")]
[JsonDerivedType(typeof(OtpCredential), "otp")]
internal abstract record Credential(string Id, [property: JsonIgnore] string Type, long CreatedDate)
{
    public string? UserLabel { get; init; }
}

/// <summary>A password, kept as a salted hash. Ten thousand rounds are few, and enough for a file that only its owner reads on the machine
/// where the same passwords are typed all day.</summary>
internal sealed record PasswordCredential(string Id, long CreatedDate, byte[] Salt, byte[] Hash) : Credential(Id, "password", CreatedDate)
{
    private const int Rounds = 10_000;

    public static PasswordCredential Of(string password, DateTimeOffset now)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordCredential(NewId.Uuid(), now.ToUnixTimeMilliseconds(), salt, HashOf(password, salt));
    }

    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Hash, HashOf(password, Salt));

    private static byte[] HashOf(string password, byte[] salt)
        => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, 32);
}

/// <summary>A time-based one-time code (RFC 6238).</summary>
/// <param name="Id">UUID.</param>
/// <param name="CreatedDate">Milliseconds since 1970.</param>
/// <param name="Secret">The HMAC key itself: the text of the realm file as UTF-8, not base32.</param>
/// <param name="Digits">6 or 8.</param>
/// <param name="Period">Seconds.</param>
/// <param name="Algorithm"><c>HmacSHA1</c>, <c>HmacSHA256</c> or <c>HmacSHA512</c>.</param>
internal sealed record OtpCredential(string Id, long CreatedDate, byte[] Secret, int Digits, int Period, string Algorithm)
    : Credential(Id, "otp", CreatedDate);
