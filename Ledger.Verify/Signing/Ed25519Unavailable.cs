namespace Ledger.Verify.Signing;

/// <summary>OpenSSL 3's libcrypto is missing; the message says what to install where.</summary>
#pragma warning disable CA1032, CA1710 // Thrown here alone, always with the same message; named for what is wrong.
public sealed class Ed25519Unavailable : Exception
#pragma warning restore CA1032, CA1710
{
    internal Ed25519Unavailable(string cause)
        : base($"""
            Ed25519 signatures need OpenSSL 3 (libcrypto), and {cause}. Install it:
              Debian, Ubuntu   apt-get install libssl3
              Fedora, RHEL     dnf install openssl-libs
              Alpine           apk add libcrypto3
              macOS            brew install openssl@3
              Windows          winget install ShiningLight.OpenSSL.Light
            """)
    {
    }
}
