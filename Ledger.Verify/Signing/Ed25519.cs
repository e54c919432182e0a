using System.Security.Cryptography;

namespace Ledger.Verify.Signing;

/// <summary>
/// Ed25519 (RFC 8032, the pure variant) by OpenSSL 3, since the BCL has none. Thread safe. https://www.rfc-editor.org/rfc/rfc8032
/// </summary>
public static unsafe class Ed25519
{
    public const int PublicKeySize = 32;
    public const int SeedSize = 32;
    public const int SignatureSize = 64;

    // A digest context costs an allocation in libcrypto; one per thread is kept and reset, so no key material outlives a call.
    [ThreadStatic]
    private static DigestContext? _context;

    /// <summary>
    /// Whether the signature is this key's over this message. Wrong lengths, S ≥ L and keys that are no curve point are just false.
    /// </summary>
    /// <exception cref="Ed25519Unavailable">OpenSSL 3 is not on this machine.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey32, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature64)
    {
        if (publicKey32.Length != PublicKeySize || signature64.Length != SignatureSize) return false;
        var crypto = Libcrypto.Instance;
        nint key;
        fixed (byte* raw = publicKey32) key = crypto.EVP_PKEY_new_raw_public_key(Libcrypto.Ed25519Id, 0, raw, PublicKeySize);
        if (key == 0) return Refuse(crypto);
        var context = _context ??= new DigestContext(crypto);
        try
        {
            if (crypto.EVP_DigestVerifyInit(context.Handle, 0, 0, 0, key) != 1) return Refuse(crypto);
            fixed (byte* signature = signature64, text = message)
            {
                // 1 is yes; 0 and negative are both no, the latter for signatures that are not even well formed.
                var result = crypto.EVP_DigestVerify(context.Handle, signature, SignatureSize, text, (nuint)message.Length);
                return result == 1 || Refuse(crypto);
            }
        }
        finally
        {
            context.Reset();
            crypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>The 64-byte signature of the key with this seed.</summary>
    /// <exception cref="ArgumentException">The seed is not 32 bytes.</exception>
    /// <exception cref="Ed25519Unavailable">OpenSSL 3 is not on this machine.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed32, ReadOnlySpan<byte> message)
    {
        var crypto = Libcrypto.Instance;
        var key = PrivateKey(crypto, seed32);
        var context = _context ??= new DigestContext(crypto);
        try
        {
            var signature = new byte[SignatureSize];
            nuint length = SignatureSize;
            Require(crypto, crypto.EVP_DigestSignInit(context.Handle, 0, 0, 0, key));
            fixed (byte* output = signature, text = message)
            {
                Require(crypto, crypto.EVP_DigestSign(context.Handle, output, &length, text, (nuint)message.Length));
            }

            return signature;
        }
        finally
        {
            context.Reset();
            crypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>The raw 32-byte public key of the key with this seed.</summary>
    /// <exception cref="ArgumentException">The seed is not 32 bytes.</exception>
    /// <exception cref="Ed25519Unavailable">OpenSSL 3 is not on this machine.</exception>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed32)
    {
        var crypto = Libcrypto.Instance;
        var key = PrivateKey(crypto, seed32);
        try
        {
            var publicKey = new byte[PublicKeySize];
            nuint length = PublicKeySize;
            fixed (byte* output = publicKey) Require(crypto, crypto.EVP_PKEY_get_raw_public_key(key, output, &length));
            return publicKey;
        }
        finally
        {
            crypto.EVP_PKEY_free(key);
        }
    }

    private static nint PrivateKey(Libcrypto crypto, ReadOnlySpan<byte> seed32)
    {
        if (seed32.Length != SeedSize)
        {
            throw new ArgumentException($"An Ed25519 seed is {SeedSize} bytes, not {seed32.Length}.", nameof(seed32));
        }

        nint key;
        fixed (byte* raw = seed32) key = crypto.EVP_PKEY_new_raw_private_key(Libcrypto.Ed25519Id, 0, raw, SeedSize);
        Require(crypto, key == 0 ? 0 : 1);
        return key;
    }

    private static void Require(Libcrypto crypto, int result)
    {
        if (result == 1) return;
        crypto.ERR_clear_error();
        throw new CryptographicException("OpenSSL refused an Ed25519 operation.");
    }

    // OpenSSL leaves its reasons in a queue of the thread, where the next user of the library (the BCL too) would find them.
    private static bool Refuse(Libcrypto crypto)
    {
        crypto.ERR_clear_error();
        return false;
    }

    private sealed class DigestContext(Libcrypto crypto)
    {
        public nint Handle { get; } = crypto.EVP_MD_CTX_new();

        public void Reset() => crypto.EVP_MD_CTX_reset(Handle);

        // Reached when the thread has ended and its statics are collected.
        ~DigestContext() => crypto.EVP_MD_CTX_free(Handle);
    }
}
