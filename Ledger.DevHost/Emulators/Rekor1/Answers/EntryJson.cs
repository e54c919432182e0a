using System.Text.Json;
using Ledger.DevHost.Emulators.Rekor1.Log;

namespace Ledger.DevHost.Emulators.Rekor1.Answers;

/// <summary>
/// An entry with all that proves it:
/// <code>{"&lt;entry id&gt;":{"body":base64,"integratedTime":1795294588,"logID":hex,"logIndex":0,"verification":{"inclusionProof":
/// {"checkpoint":note,"hashes":[hex],"logIndex":0,"rootHash":hex,"treeSize":1},"signedEntryTimestamp":base64}}}</code>
/// </summary>
internal static class EntryJson
{
    public static void Write(Utf8JsonWriter w, Place place, LogVoice voice)
    {
        var size = voice.SizeOf(place.Shard);
        w.WriteStartObject();
        w.WriteStartObject(place.EntryId);
        w.WriteBase64String("body", place.Entry.Body);
        w.WriteNumber("integratedTime", place.Entry.IntegratedTime);
        w.WriteString("logID", Convert.ToHexStringLower(voice.Key.LogId));
        w.WriteNumber("logIndex", place.GlobalIndex);
        w.WriteStartObject("verification");
        w.WriteStartObject("inclusionProof");
        w.WriteString("checkpoint", voice.Checkpoint(place.Shard, size));
        Hashes(w, voice.Inclusion(place, size));
        w.WriteNumber("logIndex", place.Index);
        w.WriteString("rootHash", Convert.ToHexStringLower(voice.Root(place.Shard, size)));
        w.WriteNumber("treeSize", size);
        w.WriteEndObject();
        w.WriteBase64String("signedEntryTimestamp", voice.EntryTimestamp(place));
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    public static void Hashes(Utf8JsonWriter w, IEnumerable<byte[]> hashes)
    {
        w.WriteStartArray("hashes");
        foreach (var hash in hashes)
            w.WriteStringValue(Convert.ToHexStringLower(hash));
        w.WriteEndArray();
    }
}
