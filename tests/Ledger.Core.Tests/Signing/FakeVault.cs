using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Signing;

/// <summary>Transit keys of fixed seeds behind an HttpMessageHandler: the answers of a Vault that a test can bend at every joint.</summary>
internal sealed class FakeVault : HttpMessageHandler
{
    public const string EntryKey = "ledger-ed25519";

    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> keys = new();

    public FakeVault() => AddVersion(EntryKey);

    /// <summary>Answers instead of the fake, or null to let it answer.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>>? Instead { get; set; }

    /// <summary>Bends the results of a sign call before they are sent.</summary>
    public Action<JsonArray>? Bend { get; set; }

    /// <summary>Sign calls that were answered, with the number of inputs of each.</summary>
    public ConcurrentQueue<int> SignCalls { get; } = new();

    public int Calls => calls;

    private int calls;

    /// <summary>A rotation: the next version of a key, and its raw public key.</summary>
    public byte[] AddVersion(string key)
    {
        var versions = keys.GetOrAdd(key, _ => []);
        lock (versions)
        {
            var version = versions.Count == 0 ? 1 : versions.Keys.Max() + 1;
            return Replace(key, version, (byte)version);
        }
    }

    /// <summary>Puts other bytes behind a version, as a Vault does whose storage was swapped.</summary>
    public byte[] Replace(string key, int version, byte seed)
    {
        var bytes = Enumerable.Repeat(seed, 32).ToArray();
        lock (keys[key]) keys[key][version] = bytes;
        return Ed25519.PublicKeyOf(bytes);
    }

    /// <summary>min_decryption_version: Vault shows and knows older ones no more.</summary>
    public void ForgetBelow(string key, int version)
    {
        lock (keys[key])
            foreach (var old in keys[key].Keys.Where(v => v < version).ToList()) keys[key].Remove(old);
    }

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Answers every call the same way.</summary>
    public void Always(HttpStatusCode status, string body) => Instead = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(body, status));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        if (Instead is { } instead && await instead(request, cancellationToken) is { } other) return other;
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not ["v1", "transit", var verb, var name]
            || !keys.TryGetValue(name, out var versions)) return Json("""{"errors":[]}""", HttpStatusCode.NotFound);
        if (verb == "sign") return Json(Sign(versions, await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
        return Json(Show(versions));
    }

    private string Sign(SortedDictionary<int, byte[]> versions, byte[] body)
    {
        using var request = JsonDocument.Parse(body);
        var (version, seed) = Newest(versions);
        var results = new JsonArray();
        foreach (var input in request.RootElement.GetProperty("batch_input").EnumerateArray())
        {
            var signature = Convert.ToBase64String(Ed25519.Sign(seed, input.GetProperty("input").GetBytesFromBase64()));
            results.Add(new JsonObject { ["signature"] = $"vault:v{version}:{signature}", ["key_version"] = version, ["reference"] = "" });
        }
        SignCalls.Enqueue(results.Count);
        Bend?.Invoke(results);
        return new JsonObject { ["data"] = new JsonObject { ["batch_results"] = results } }.ToJsonString();
    }

    private static (int Version, byte[] Seed) Newest(SortedDictionary<int, byte[]> versions)
    {
        lock (versions) return (versions.Keys.Max(), versions[versions.Keys.Max()]);
    }

    private static string Show(SortedDictionary<int, byte[]> versions)
    {
        var shown = new JsonObject();
        lock (versions)
            foreach (var (version, seed) in versions)
                shown[version.ToString(System.Globalization.CultureInfo.InvariantCulture)] =
                    new JsonObject { ["public_key"] = Convert.ToBase64String(Ed25519.PublicKeyOf(seed)) };
        return new JsonObject { ["data"] = new JsonObject { ["type"] = "ed25519", ["keys"] = shown } }.ToJsonString();
    }
}
