using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Json;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>An anchored ledger, and every way in which the tables of <see cref="AnchorTamperTests"/> damage it.</summary>
internal static class AnchorTampering
{
    public static readonly VirtualLedger Ours = VirtualLedger.With(7);
    public static readonly VirtualLog V1 = VirtualLog.Rekor1().Fill(5);
    public static readonly VirtualLog V2 = VirtualLog.Rekor2().Fill(6);
    public static readonly VirtualTsa Tsa = new();

    /// <summary>A trust file that says one thing otherwise.</summary>
    public static TrustFile Other(TrustFile sound, string what)
    {
        var (log, root) = (sound.Logs[0], sound.TrustedRoot!);
        var before = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var after = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TrustFile WithLog(TrustLog other) => sound with { Logs = [other] };
        TrustFile WithLogs(Func<TrustedLog, TrustedLog> change) =>
            sound with { TrustedRoot = root with { Logs = [.. root.Logs.Select(change)] } };
        TrustFile WithAuthority(Func<TrustedTimestampAuthority, TrustedTimestampAuthority> change) =>
            sound with { TrustedRoot = root with { TimestampAuthorities = [.. root.TimestampAuthorities.Select(change)] } };
        return what switch
        {
            "no trusted root" => sound with { TrustedRoot = null },
            "no log" => sound with { TrustedRoot = root with { Logs = [] } },
            "another anchor key" => WithLog(log with { AnchorKeys = [new VirtualSigner("another").Pem] }),
            "no anchor key" => WithLog(log with { AnchorKeys = [] }),
            "keys the other way round" => WithLog(log with { AnchorKeys = log.PayloadKeys!, PayloadKeys = log.AnchorKeys }),
            "another key of the log" => WithLogs(one => one with { Spki = VirtualLog.Rekor1("elsewhere").Trusted.Spki }),
            "another origin of the log" => WithLogs(one => one with { Origin = "elsewhere" }),
            "a log not yet believed" => WithLogs(one => one with { ValidFrom = after }),
            "a log no longer believed" => WithLogs(one => one with { ValidTo = before }),
            "no authority" => sound with { TrustedRoot = root with { TimestampAuthorities = [] } },
            "an authority not yet believed" => WithAuthority(one => one with { ValidFrom = after }),
            "an authority no longer believed" => WithAuthority(one => one with { ValidFrom = before, ValidTo = before }),
            "another origin of ours" => WithLog(log with { Origin = "ledger.localhost/log/other" }),
            _ => throw new ArgumentException(what),
        };
    }

    /// <summary>The anchor with one member changed, again in its RFC 8785 form.</summary>
    public static byte[] Changed(byte[] anchor, string[] steps, string change)
    {
        var root = JsonNode.Parse(anchor)!;
        Assert.True(SigstoreBundle.TryParse(anchor, out var sound, out _));
        Apply(root, steps, change, sound);
        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(root.ToJsonString()), new JsonLimits(32, 1 << 20), out var changed, out _));
        return changed;
    }

    private static void Apply(JsonNode root, string[] steps, string change, SigstoreBundle sound)
    {
        var parent = steps.SkipLast(1).Aggregate(root, (node, step) => node is JsonArray list ? list[Number(step)]! : node[step]!);
        var last = steps[^1];
        if (change == "-")
        {
            if (parent is JsonArray array) array.RemoveAt(Number(last));
            else Assert.True(parent.AsObject().Remove(last));
            return;
        }

        var old = parent is JsonArray list ? (Number(last) < list.Count ? list[Number(last)] : null) : parent[last];
        var changed = Changed(old as JsonValue is { } value ? value.GetValue<string>() : "", change, sound);
        if (parent is JsonArray items && Number(last) == items.Count) items.Add(changed);
        else if (parent is JsonArray others) others[Number(last)] = changed;
        else parent[last] = changed;
    }

    private static JsonNode Changed(string old, string change, SigstoreBundle sound)
    {
        var (signature, digest) = (sound.Message!.Signature, Digest.Sha256(Ours.BodyAt(7)));
        byte[] Body(Digest over, VirtualSigner by) => sound.Entries[0].Version == "0.0.1"
            ? LogBody.HashedRekordV1(over, signature, by.Pem)
            : LogBody.HashedRekordV2(over, signature, by.Spki);
        return change switch
        {
            "~" => Text(OtherLetter(old)),
            "+" => Text((long.Parse(old, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture)),
            "[]" => new JsonArray(),
            "{payload key}" => Text(Ours.PayloadKey.Hint),
            "{v1}" => Base64(V1.Trusted.LogId.ToArray()),
            "{v2}" => Base64(V2.Trusted.LogId.ToArray()),
            "{hash}" => Base64(new byte[32]),
            "{promise}" => new JsonObject { ["signedEntryTimestamp"] = Convert.ToBase64String(signature) },
            "{other digest}" => Base64(Body(Digest.Zero, Ours.AnchorKey)),
            "{other key}" => Base64(Body(digest, Ours.PayloadKey)),
            "{unknown kind}" => Base64("""{"apiVersion":"0.0.1","kind":"rekord","spec":{}}"""u8.ToArray()),
            "{stamp of another}" => Base64(Tsa.Stamp("another signature"u8)),
            "{stamp by another}" => Base64(new VirtualTsa("other").Stamp(signature)),
            "{second stamp by another}" => new JsonObject
                { ["signedTimestamp"] = Convert.ToBase64String(new VirtualTsa("other").Stamp(signature)) },
            _ when change.StartsWith("{line ", StringComparison.Ordinal) => Text(OtherLine(old, change[6] - '0')),
            _ => Text(change),
        };
    }

    private static string OtherLine(string note, int line)
    {
        var lines = note.Split('\n');
        // Of the signature's line its last letters, before the padding; of the others the first.
        lines[line] = line == 4 ? lines[line][..^8] + OtherLetter(lines[line][^8..]) : OtherLetter(lines[line]);
        return string.Join('\n', lines);
    }

    private static string OtherLetter(string text) =>
        (text[0] == '1' ? '2' : char.IsAsciiDigit(text[0]) ? '1' : text[0] == 'M' ? 'N' : text[0] == 'a' ? 'b' : 'a') + text[1..];

    private static JsonValue Text(string value) => JsonValue.Create(value);

    private static JsonValue Base64(byte[] value) => JsonValue.Create(Convert.ToBase64String(value));

    private static int Number(string step) => int.Parse(step, CultureInfo.InvariantCulture);
}
