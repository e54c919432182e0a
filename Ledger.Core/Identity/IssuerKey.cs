using System.Security.Cryptography;

namespace Ledger.Core.Identity;

/// <summary>A public key of an issuer that tokens may be signed with.</summary>
/// <param name="Id">Its <c>kid</c>.</param>
public abstract record IssuerKey(string Id)
{
    /// <summary>The signature algorithm of tokens (RFC 7518): it follows from the key, never from a token.</summary>
    public abstract string Algorithm { get; }

    /// <summary>Whether the signature is this key's over the bytes.</summary>
    public abstract bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}

/// <summary>RSA of 2048 to 8192 bits.</summary>
public sealed record RsaIssuerKey(string Id, RSAParameters Public) : IssuerKey(Id)
{
    public override string Algorithm => "RS256";

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using var rsa = RSA.Create(Public);
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}

/// <summary>A point on P-256.</summary>
public sealed record EcIssuerKey(string Id, ECParameters Public) : IssuerKey(Id)
{
    public override string Algorithm => "ES256";

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using var ec = ECDsa.Create(Public);
        return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256);
    }
}
