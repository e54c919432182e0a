using System.Runtime.InteropServices;

namespace Ledger.Verify.Signing;

/// <summary>
/// The few functions of OpenSSL 3's libcrypto that Ed25519 needs. https://docs.openssl.org/3.0/man3/EVP_DigestVerifyInit/
/// </summary>
// By function pointers and not DllImport: the library's name differs by system, and its absence must become a message that says what to
// install.
internal sealed unsafe class Libcrypto
{
    /// <summary>EVP_PKEY_ED25519: NID_ED25519 of OpenSSL's obj_mac.h.</summary>
    public const int Ed25519Id = 1087;

    private static readonly Lazy<Libcrypto> Loaded = new(() => new Libcrypto(LibcryptoFile.Load()));

    public readonly delegate* unmanaged<nint> EVP_MD_CTX_new;
    public readonly delegate* unmanaged<nint, int> EVP_MD_CTX_reset;
    public readonly delegate* unmanaged<nint, void> EVP_MD_CTX_free;
    public readonly delegate* unmanaged<int, nint, byte*, nuint, nint> EVP_PKEY_new_raw_public_key;
    public readonly delegate* unmanaged<int, nint, byte*, nuint, nint> EVP_PKEY_new_raw_private_key;
    public readonly delegate* unmanaged<nint, byte*, nuint*, int> EVP_PKEY_get_raw_public_key;
    public readonly delegate* unmanaged<nint, void> EVP_PKEY_free;
    public readonly delegate* unmanaged<nint, nint, nint, nint, nint, int> EVP_DigestSignInit;
    public readonly delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int> EVP_DigestSign;
    public readonly delegate* unmanaged<nint, nint, nint, nint, nint, int> EVP_DigestVerifyInit;
    public readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int> EVP_DigestVerify;
    public readonly delegate* unmanaged<void> ERR_clear_error;

    private Libcrypto(nint library)
    {
        EVP_MD_CTX_new = (delegate* unmanaged<nint>)Export(nameof(EVP_MD_CTX_new));
        EVP_MD_CTX_reset = (delegate* unmanaged<nint, int>)Export(nameof(EVP_MD_CTX_reset));
        EVP_MD_CTX_free = (delegate* unmanaged<nint, void>)Export(nameof(EVP_MD_CTX_free));
        EVP_PKEY_new_raw_public_key = (delegate* unmanaged<int, nint, byte*, nuint, nint>)Export(nameof(EVP_PKEY_new_raw_public_key));
        EVP_PKEY_new_raw_private_key = (delegate* unmanaged<int, nint, byte*, nuint, nint>)Export(nameof(EVP_PKEY_new_raw_private_key));
        EVP_PKEY_get_raw_public_key = (delegate* unmanaged<nint, byte*, nuint*, int>)Export(nameof(EVP_PKEY_get_raw_public_key));
        EVP_PKEY_free = (delegate* unmanaged<nint, void>)Export(nameof(EVP_PKEY_free));
        EVP_DigestSignInit = (delegate* unmanaged<nint, nint, nint, nint, nint, int>)Export(nameof(EVP_DigestSignInit));
        EVP_DigestSign = (delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int>)Export(nameof(EVP_DigestSign));
        EVP_DigestVerifyInit = (delegate* unmanaged<nint, nint, nint, nint, nint, int>)Export(nameof(EVP_DigestVerifyInit));
        EVP_DigestVerify = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int>)Export(nameof(EVP_DigestVerify));
        ERR_clear_error = (delegate* unmanaged<void>)Export(nameof(ERR_clear_error));

        nint Export(string name) =>
            NativeLibrary.TryGetExport(library, name, out var address) ? address : throw new Ed25519Unavailable($"it has no {name}");
    }

    /// <exception cref="Ed25519Unavailable">OpenSSL 3 is not on this machine.</exception>
    public static Libcrypto Instance => Loaded.Value;
}
