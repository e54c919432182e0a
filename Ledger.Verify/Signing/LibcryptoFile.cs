using System.Runtime.InteropServices;

namespace Ledger.Verify.Signing;

/// <summary>
/// Where OpenSSL 3's libcrypto is found: the loader's own search first, then where each system's usual installer puts it.
/// </summary>
internal static class LibcryptoFile
{
    public static nint Load() => Load(Candidates());

    internal static nint Load(IReadOnlyList<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library)) return library;
        }

        throw new Ed25519Unavailable($"none of {string.Join(", ", candidates)} could be loaded");
    }

    internal static string[] Candidates()
    {
        if (OperatingSystem.IsWindows())
        {
            var name = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libcrypto-3-arm64.dll" : "libcrypto-3-x64.dll";
            var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return [name, Path.Combine(programs, "OpenSSL-Win64", "bin", name), Path.Combine(programs, "OpenSSL", "bin", name)];
        }

        if (OperatingSystem.IsMacOS())
        {
            const string Name = "libcrypto.3.dylib";
            return [$"/opt/homebrew/opt/openssl@3/lib/{Name}", $"/usr/local/opt/openssl@3/lib/{Name}", Name];
        }

        return ["libcrypto.so.3"];
    }
}
