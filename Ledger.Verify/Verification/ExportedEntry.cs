using System.Diagnostics.CodeAnalysis;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>One line of an export's <c>entries.jsonl</c>: the leaf in full, the envelope, and the metadata unless it was erased.</summary>
public sealed record ExportedEntry(Leaf Leaf, Envelope Envelope, BundleMeta? Meta = null)
{
    private static readonly JsonLimits Line = new(Limits.DocumentDepth, Limits.ExportedEntryBytes);

    /// <summary>The line in RFC 8785 form, without its LF.</summary>
    public byte[] ToBytes()
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        json.Name("envelope"u8);
        EnvelopeJson.Write(ref json, Envelope);
        json.Name("leaf"u8);
        json.Canonical(Leaf.ToBytes());
        EnvelopeJson.WriteMeta(ref json, Meta);
        json.EndObject();
        return json.Finish();
    }

    /// <summary>Accepts exactly what <see cref="ToBytes"/> writes. Nothing in it is verified.</summary>
    // Example, shortened: {"envelope":{"payload":"eyJf…",…},"leaf":{"key_id":"SHA256:…","kind":"ledger.leaf/v1",…},
    // "meta":{"salt":"…","value":{}}}
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out ExportedEntry? entry, out FailureCode failure)
    {
        entry = null;
        failure = FailureCode.ExportedEntryMalformed;
        if (!StrictJson.TryParse(line, Line, out var root, out _)) return false;
        var envelope = EnvelopeJson.Read(root.Child("envelope"));
        var wellFormed = EnvelopeJson.TryReadMeta(root, out var meta);
        var leafBytes = root.Canonical("leaf");
        if (!root.Complete(out _) || !wellFormed || !Leaf.TryParse(leafBytes, out var leaf, out failure)) return false;
        var read = new ExportedEntry(leaf, envelope, meta);
        failure = FailureCode.ExportedEntryMalformed;
        if (!line.SequenceEqual(read.ToBytes())) return false;
        entry = read;
        return true;
    }
}
