using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Emulators.Keys;

/// <summary>Finds OpenSSL 3, and calls it for the two digests that the runtime lacks.</summary>
internal static partial class LibCrypto
{
    public const string Name = "ledger-emulator-libcrypto"; // a name of its own, so that only this resolver answers it

    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Must have run before the first native call of this assembly.</summary>
    public static void Load()
    {
        lock (Gate)
        {
            if (!loaded)
                NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);
            loaded = true;
        }
    }

    /// <param name="algorithm">In OpenSSL's spelling: <c>SHA2-224</c>.</param>
    /// <param name="length">Bytes of the digest.</param>
    /// <param name="message">What is hashed.</param>
    public static byte[] Digest(string algorithm, int length, ReadOnlySpan<byte> message)
    {
        Load();
        var digest = new byte[length];
        var written = (nuint)length;
        if (QuickDigest(0, Encoding.ASCII.GetBytes(algorithm + "\0"), 0, message, (nuint)message.Length, digest, ref written) != 1)
            throw new CryptographicException($"OpenSSL has no {algorithm}");
        return digest;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name)
            return 0;
        string[] names = OperatingSystem.IsWindows() ? ["libcrypto-3-x64.dll"]
            : OperatingSystem.IsMacOS()
                ? ["libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
                    "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"]
            : ["libcrypto.so.3"];
        foreach (var candidate in names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var library))
                return library;
        }
        throw new DllNotFoundException($"the emulators sign with OpenSSL 3 and found none of {string.Join(", ", names)}");
    }

    [LibraryImport(Name, EntryPoint = "EVP_Q_digest")]
    private static partial int QuickDigest(
        nint library,
        ReadOnlySpan<byte> name,
        nint properties,
        ReadOnlySpan<byte> data,
        nuint length,
        Span<byte> digest,
        ref nuint written);
}
