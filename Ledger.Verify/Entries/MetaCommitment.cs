using Ledger.Verify.Json;

namespace Ledger.Verify.Entries;

/// <summary>
/// SHA-256 of the RFC 8785 form of <c>{"meta":…,"salt":base64}</c>. The salt is what lets meta be erased: without it nobody can test a
/// guess
/// against the commitment that stays in the log.
/// </summary>
// Example: {"meta":{"user_id":"12345"},"salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}
public static class MetaCommitment
{
    public const int SaltSize = 32;

    /// <param name="metaJcs">The meta object in its RFC 8785 form, as <see cref="Jcs"/> wrote it.</param>
    /// <param name="salt32">32 random bytes of this entry alone.</param>
    public static Digest Of(ReadOnlySpan<byte> metaJcs, ReadOnlySpan<byte> salt32)
    {
        if (salt32.Length != SaltSize) throw new ArgumentException($"A salt is {SaltSize} bytes, not {salt32.Length}.", nameof(salt32));
        var writer = new JcsWriter(metaJcs.Length + 80);
        writer.StartObject();
        writer.Name("meta"u8);
        writer.Canonical(metaJcs);
        writer.Name("salt"u8);
        writer.Base64(salt32);
        writer.EndObject();
        var commitment = Digest.Sha256(writer.Written);
        writer.Dispose();
        return commitment;
    }
}
