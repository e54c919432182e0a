using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Keys;

/// <summary>
/// Ed25519 by OpenSSL 3, called directly: the runtime has none. RFC 8032 pure Ed25519; keys are their raw 32 bytes.
/// One native key per instance, made once; signing and verifying are thread safe.
/// </summary>
internal sealed partial class Ed25519 : IDisposable
{
    private const int TypeEd25519 = 1087; // EVP_PKEY_ED25519, NID_ED25519
    private const string Crypto = LibCrypto.Name;

    [ThreadStatic]
    private static nint context; // one EVP_MD_CTX a thread, initialised anew for each message

    private nint key;
    private nint signing; // ready to sign; copying it is cheaper than one more initialisation

    static Ed25519() => LibCrypto.Load();

    private Ed25519(nint key, byte[] publicKey, bool canSign = true)
    {
        (this.key, PublicKey) = (key, publicKey);
        if (!canSign)
            return;
        signing = Checked(NewContext());
        Check(SignInit(signing, 0, 0, 0, key));
    }

    ~Ed25519() => Free();

    public byte[] PublicKey { get; }

    public static Ed25519 FromSeed(ReadOnlySpan<byte> seed32)
    {
        var key = Checked(NewPrivate(TypeEd25519, 0, seed32, (nuint)seed32.Length));
        var publicKey = new byte[32];
        var length = (nuint)publicKey.Length;
        Check(RawPublic(key, publicKey, ref length));
        return new Ed25519(key, publicKey);
    }

    /// <summary>A key that only verifies; null where the 32 bytes are no key.</summary>
    public static Ed25519? FromPublic(ReadOnlySpan<byte> publicKey32)
    {
        var key = NewPublic(TypeEd25519, 0, publicKey32, (nuint)publicKey32.Length);
        return key == 0 ? null : new Ed25519(key, publicKey32.ToArray(), canSign: false);
    }

    /// <summary>64 bytes into <paramref name="signature"/>.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        var c = Context();
        Check(CopyContext(c, signing));
        var length = (nuint)signature.Length;
        Check(SignOnce(c, signature, ref length, message, (nuint)message.Length));
        GC.KeepAlive(this);
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64)
            return false;
        var c = Context();
        Check(ResetContext(c)); // an initialisation alone would go on with the key before
        Check(VerifyInit(c, 0, 0, 0, key));
        var valid = VerifyOnce(c, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
        GC.KeepAlive(this);
        return valid;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static nint Context() => context != 0 ? context : context = Checked(NewContext());

    private void Free()
    {
        FreeContext(Interlocked.Exchange(ref signing, 0));
        FreeKey(Interlocked.Exchange(ref key, 0));
    }

    private static nint Checked(nint pointer)
        => pointer != 0 ? pointer : throw new CryptographicException("OpenSSL refused an Ed25519 key");

    private static void Check(int result)
    {
        if (result != 1)
            throw new CryptographicException("OpenSSL refused an Ed25519 operation");
    }

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivate(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewPublic(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int RawPublic(nint key, Span<byte> output, ref nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_copy_ex")]
    private static partial int CopyContext(nint to, nint from);

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_reset")]
    private static partial int ResetContext(nint context);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestSignInit")]
    private static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestSign")]
    private static partial int SignOnce(
        nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int VerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestVerify")]
    private static partial int VerifyOnce(
        nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message, nuint length);
}
