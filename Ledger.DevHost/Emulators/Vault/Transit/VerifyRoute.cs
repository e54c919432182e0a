using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary><c>:mount/verify/:name[/:hash_algorithm]</c>: signatures alone; HMACs are not emulated.</summary>
internal sealed class VerifyRoute(KeyStore keys)
{
    public Answer On(VaultRequest request, string mount, string name, string? hash)
        => Declaration.Check(
            request, SigningOptions.Verify, hash is null ? ["name"] : ["name", "urlalgorithm"], () => Verify(request, mount, name, hash));

    private Answer Verify(VaultRequest request, string mount, string name, string? hash)
    {
        var fields = request.Fields;
        var batch = fields.Has("batch_input");
        var items = batch ? BatchItems.Read(fields.Raw("batch_input"), out var unreadable) : Single(fields, out unreadable);
        if (items is null)
            return Answer.Wrapped(500, unreadable!);
        var refusal = RefuseShape(items, batch);
        if (refusal is not null)
            return Answer.BadRequest(refusal);
        var options = SigningOptions.Of(fields, hash, out var refused);
        if (options is null)
            return refused!;
        var key = keys.Find(mount, name);
        if (key is null)
            return Answer.BadRequest("signature verification key not found");
        if (!key.Type.Signs)
            return Answer.BadRequest($"key type {key.TypeName} does not support verification");
        refused = options.RefuseNone(fields);
        if (refused is not null)
            return refused;
        var results = Array.ConvertAll(items, item => Check(key, options, item, request.Fault == FaultMode.WrongKey));
        return batch ? Batch(items, results) : One(results[0]);
    }

    private static BatchItem[] Single(Fields fields, out string? unreadable)
    {
        unreadable = null;
        return
        [
            new BatchItem
            {
                Input = Encoding.UTF8.GetBytes(fields.Text("input")),
                // The type has to be said: null is also an empty ReadOnlyMemory, which is not what was not sent.
                Signature = fields.Has("signature") ? Encoding.UTF8.GetBytes(fields.Text("signature")) : default(ReadOnlyMemory<byte>?),
                Mac = fields.Has("hmac") || fields.Has("cmac") ? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?),
            },
        ];
    }

    // All items are signatures or none is; of one single input with both, the signature counts.
    private static string? RefuseShape(BatchItem[] items, bool batch)
    {
        if (items.Length == 0)
            return "missing batch input to process";
        var signatures = items.Any(i => i.Signature is not null);
        var macs = items.Any(i => i.Signature is null && i.Mac is not null);
        var neither = items.Any(i => i.Signature is null && i.Mac is null);
        if (!signatures && !macs)
        {
            return batch
                ? "no batch_input elements have 'signature', 'hmac' or 'cmac'"
                : "missing one of 'signature', 'hmac' or 'cmac' arguments to verify";
        }
        if (signatures && macs)
            return "elements of batch_input must all provide either 'signature', 'hmac' or 'cmac'";
        if (neither)
            return $"some elements of batch_input are missing '{(signatures ? "signature" : "hmac")}'";
        return macs ? "the emulator has no HMACs" : null;
    }

    private static Answer One((bool Valid, string? Error) result) => result.Error is not null
        ? Answer.BadRequest(result.Error)
        : Answer.Of("transit", json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("valid"u8, result.Valid);
            json.WriteEndObject();
        });

    private static Answer Batch(BatchItem[] items, (bool Valid, string? Error)[] results) => Answer.Of("transit", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("batch_results"u8);
        for (var i = 0; i < results.Length; i++)
        {
            json.WriteStartObject();
            json.WriteBoolean("valid"u8, results[i].Valid);
            if (results[i].Error is { } error)
                json.WriteString("error"u8, error);
            json.WriteString("reference"u8, items[i].Reference.Span);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static (bool Valid, string? Error) Check(TransitKey key, SigningOptions options, BatchItem item, bool swapped)
    {
        if (item.Input is not { } text)
            return (false, "missing input");
        if (!GoBase64.TryDecode(text.Span, out var input, out var errorAt))
            return (false, "failed to parse item: failed to parse input: " + GoBase64.Error(errorAt));
        if (options.RefuseFor(key.Type) is { } refusal)
            return (false, "failed to parse item: " + refusal);
        var version = VersionOf(key, Encoding.UTF8.GetString(item.Signature!.Value.Span), out var encoded, out var error);
        if (error is not null)
            return (false, error);
        var signature = Decode(encoded, options.Jws);
        if (signature is null)
            return (false, "invalid base64 signature value");
        var valid = key.Versions[version].Material(key.Type, swapped).Verify(options.InputOf(key.Type, input), signature, options.Jws,
            out var malformed);
        return (valid, malformed);
    }

    // vault:v2:MEQCIEx3…
    private static int VersionOf(TransitKey key, string signature, out string encoded, out string? error)
    {
        const string prefix = "vault:v";
        (encoded, error) = ("", null);
        if (!signature.StartsWith(prefix, StringComparison.Ordinal))
        {
            error = "invalid signature: no prefix";
            return 0;
        }
        var parts = signature[prefix.Length..].Split(':', 2);
        if (parts.Length != 2)
            error = "invalid signature: wrong number of fields";
        else if (!int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var version))
            error = "invalid signature: version number could not be decoded";
        else if (version > key.LatestVersion)
            error = "invalid signature: version is too new";
        else if (version < key.MinDecryptionVersion)
            error = "ciphertext or signature version is disallowed by policy (too old)";
        else
        {
            encoded = parts[1];
            return version;
        }
        return 0;
    }

    private static byte[]? Decode(string encoded, bool jws)
    {
        if (jws)
            return !encoded.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(encoded)
                ? Base64Url.DecodeFromChars(encoded)
                : null;
        return GoBase64.TryDecode(Encoding.UTF8.GetBytes(encoded), out var signature, out _) ? signature : null;
    }
}
