using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>An ECDSA P-256 key that signs what is submitted, as a tenant's anchor key does.</summary>
internal sealed class AnchorKey : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Spki => key.ExportSubjectPublicKeyInfo();

    /// <summary>A hashedrekord over a text.</summary>
    public LogSubmission Sign(string text) => Sign(Encoding.UTF8.GetBytes(text));

    public LogSubmission Sign(byte[] artifact)
    {
        var digest = Digest.Sha256(artifact);
        return new LogSubmission(LogSubmissionKind.HashedRekord, digest, SignHash(digest), Spki);
    }

    /// <summary>A DSSE envelope over a text, as a third party would send it.</summary>
    public LogSubmission Envelope(string text)
    {
        const string Type = "application/vnd.in-toto+json";
        var payload = Encoding.UTF8.GetBytes(text);
        var digest = Digest.Sha256(Dsse.Pae(Type, payload));
        var signature = SignHash(digest);
        // Blanks and order are the sender's: the log hashes the text as it is posted.
        var envelope = $$"""
            { "payloadType": "{{Type}}", "payload":"{{Convert.ToBase64String(payload)}}",
              "signatures": [ {"sig":"{{Convert.ToBase64String(signature)}}"} ] }
            """;
        return new LogSubmission(LogSubmissionKind.Dsse, digest, signature, Spki, Encoding.UTF8.GetBytes(envelope));
    }

    public void Dispose() => key.Dispose();

    private byte[] SignHash(Digest digest) => key.SignHash(digest.ToArray(), DSASignatureFormat.Rfc3279DerSequence);
}
