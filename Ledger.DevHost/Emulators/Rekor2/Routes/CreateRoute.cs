using System.Globalization;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Rekor2.Log;
using Ledger.DevHost.Emulators.Rekor2.Requests;

namespace Ledger.DevHost.Emulators.Rekor2.Routes;

/// <summary><c>POST /api/v2/log/entries</c>: the entry comes back with its proof, after it was published.</summary>
internal static class CreateRoute
{
    public const int BodyBytes = 4 * 1024 * 1024;

    public static Rekor2Answer Create(Rekor2Log log, LogVoice voice, byte[] body)
    {
        switch (voice.Mode)
        {
            case FaultMode.Frozen:
                return Rekor2Answer.Frozen;
            case FaultMode.Pushback:
                return Rekor2Answer.Pushback;
        }
        var (canonical, refusal) = Read(body);
        if (canonical is null)
            return refusal!;
        var (index, wasThere) = log.Add(canonical, forgetful: voice.Mode == FaultMode.Forgetful);
        var shown = voice.Show(index);
        return wasThere ? Rekor2Answer.Exists(shown) : Rekor2Answer.Json(201, w => Write(w, log, voice, shown));
    }

    private static (byte[]? Canonical, Rekor2Answer? Refusal) Read(byte[] body)
    {
        if (GoJson.IsBlank(body))
            return (null, Rekor2Answer.NotHashedRekord);
        if (!GoJson.TryParseFirst(body, out _, out var error))
            return (null, Rekor2Answer.Error(400, 3, error));
        IReadOnlyDictionary<string, object> request;
        try
        {
            request = new ProtoReader(body).Read(ProtoMessage.CreateEntry);
        }
        catch (ProtoError e)
        {
            return (null, Rekor2Answer.Error(400, 3, e.Message));
        }
        if (request.GetValueOrDefault("hashedRekordRequestV002") is not IReadOnlyDictionary<string, object> hashedRekord)
            return (null, Rekor2Answer.NotHashedRekord);
        var create = CreateRequest.Of(hashedRekord);
        if (create?.Key() is not { } key)
            return (null, Rekor2Answer.InvalidRequest);
        if (create.Details.PanicsOver(key))
            return (null, Rekor2Answer.Internal);
        return create.Canonical(key) is { } canonical ? (canonical, null) : (null, Rekor2Answer.InvalidRequest);
    }

    // int64 as texts, as protojson has it.
    private static void Write(Utf8JsonWriter w, Rekor2Log log, LogVoice voice, int index)
    {
        var size = log.Size;
        w.WriteStartObject();
        w.WriteString("logIndex", Text(index));
        w.WriteStartObject("logId");
        w.WriteBase64String("keyId", voice.Key.LogId);
        w.WriteEndObject();
        w.WriteStartObject("kindVersion");
        w.WriteString("kind", "hashedrekord");
        w.WriteString("version", "0.0.2");
        w.WriteEndObject();
        w.WriteString("integratedTime", "0");
        w.WriteNull("inclusionPromise");
        w.WriteStartObject("inclusionProof");
        w.WriteString("logIndex", Text(index));
        w.WriteBase64String("rootHash", voice.Root(size));
        w.WriteString("treeSize", Text(size));
        w.WriteStartArray("hashes");
        foreach (var hash in voice.Inclusion(index, size))
            w.WriteBase64StringValue(hash);
        w.WriteEndArray();
        w.WriteStartObject("checkpoint");
        w.WriteString("envelope", voice.Checkpoint(size));
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteBase64String("canonicalizedBody", log.Body(index));
        w.WriteEndObject();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
