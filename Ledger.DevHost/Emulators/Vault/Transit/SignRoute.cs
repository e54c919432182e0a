using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary><c>:mount/sign/:name[/:hash_algorithm]</c>, one input or a batch.</summary>
internal sealed class SignRoute(KeyStore keys, SignCounters counters)
{
    private const string EmulatedItemError = "emulated failure of this item";

    public Answer On(VaultRequest request, string mount, string name, string? hash)
        => Declaration.Check(
            request, SigningOptions.Sign, hash is null ? ["name"] : ["name", "urlalgorithm"], () => Sign(request, mount, name, hash));

    private Answer Sign(VaultRequest request, string mount, string name, string? hash)
    {
        var fields = request.Fields;
        var options = SigningOptions.Of(fields, hash, out var refusal);
        if (options is null)
            return refusal!;
        var key = keys.Find(mount, name);
        if (key is null)
            return Answer.BadRequest("signing key not found");
        if (!key.Type.Signs)
            return Answer.BadRequest($"key type {key.TypeName} does not support signing");
        refusal = options.RefuseNone(fields);
        if (refusal is not null)
            return refusal;
        var signer = new Signer(key, options, fields.Integer("key_version"), request.Fault);
        if (!fields.Has("batch_input"))
            return Single(signer, fields);
        var items = BatchItems.Read(fields.Raw("batch_input"), out var unreadable);
        if (items is null)
            return Answer.Wrapped(500, unreadable!);
        if (items.Length == 0)
            return Answer.BadRequest("missing batch input to process");
        counters.Count(items.Length);
        var results = Array.ConvertAll(items, signer.Sign);
        if (request.Fault == FaultMode.BatchItemError)
            results[^1] = new Result(null, EmulatedItemError, false);
        return Answer.Of("transit", json => WriteBatch(json, items, results, signer.Version)) with { Signatures = items.Length };
    }

    private Answer Single(Signer signer, Fields fields)
    {
        counters.Count(1);
        var result = signer.Sign(new BatchItem { Input = Encoding.UTF8.GetBytes(fields.Text("input")) });
        if (result.Error is not null)
            return result.KeyIsAtFault ? Answer.Wrapped(500, result.Error) : Answer.BadRequest(result.Error);
        return Answer.Of("transit", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("key_version"u8, signer.Version);
            json.WriteString("signature"u8, result.Signature);
            json.WriteEndObject();
        }) with { Signatures = 1 };
    }

    private static void WriteBatch(Utf8JsonWriter json, BatchItem[] items, Result[] results, int version)
    {
        json.WriteStartObject();
        json.WriteStartArray("batch_results"u8);
        for (var i = 0; i < results.Length; i++)
        {
            json.WriteStartObject();
            if (results[i].Error is { } error)
            {
                json.WriteNumber("key_version"u8, 0);
                json.WriteString("error"u8, error);
            }
            else
            {
                json.WriteString("signature"u8, results[i].Signature);
                json.WriteNumber("key_version"u8, version);
            }
            json.WriteString("reference"u8, items[i].Reference.Span);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private readonly record struct Result(byte[]? Signature, string? Error, bool KeyIsAtFault);

    /// <summary>One key version, chosen once for all items: a version in an item is not looked at.</summary>
    private sealed class Signer
    {
        private readonly TransitKey key;
        private readonly SigningOptions options;
        private readonly FaultMode fault;
        private readonly string? versionError;
        private readonly byte[] prefix;

        public Signer(TransitKey key, SigningOptions options, long version, FaultMode fault)
        {
            (this.key, this.options, this.fault) = (key, options, fault);
            Version = (int)(version == 0 ? key.LatestVersion : version);
            versionError = version < 0 ? "requested version for signing is negative"
                : version > key.LatestVersion ? "requested version for signing is higher than the latest key version"
                : key.MinEncryptionVersion > 0 && Version < key.MinEncryptionVersion
                    ? "requested version for signing is less than the minimum encryption key version"
                : !key.Versions.ContainsKey(Version) || Version < key.MinDecryptionVersion ? "no such key version"
                : null;
            prefix = Encoding.ASCII.GetBytes($"vault:v{Version}:");
        }

        public int Version { get; }

        public Result Sign(BatchItem item)
        {
            if (item.Input is not { } text)
                return new Result(null, "missing input", false);
            if (!GoBase64.TryDecode(text.Span, out var input, out var errorAt))
                return new Result(null, "unable to decode input: " + GoBase64.Error(errorAt), false);
            if (options.RefuseFor(key.Type) is { } refusal)
                return new Result(null, "failed to parse batch item: " + refusal, false);
            if (versionError is not null)
                return new Result(null, versionError, true);
            var material = key.Versions[Version].Material(key.Type, fault == FaultMode.WrongKey);
            var signature = material.Sign(options.InputOf(key.Type, input), options.Jws);
            if (fault == FaultMode.WrongSignature)
                signature[^1] ^= 1;
            return new Result(Marshal(signature), null, false);
        }

        // "vault:v1:" and base64; for jws base64url without padding, whatever the key's type.
        private byte[] Marshal(byte[] signature)
        {
            if (options.Jws)
                return [.. prefix, .. Base64Url.EncodeToUtf8(signature)];
            var text = new byte[prefix.Length + Base64.GetMaxEncodedToUtf8Length(signature.Length)];
            prefix.CopyTo(text, 0);
            Base64.EncodeToUtf8(signature, text.AsSpan(prefix.Length), out _, out _);
            return text;
        }
    }
}
