using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

/// <summary>An emulator, somebody who submits, and the requests that tests make.</summary>
internal sealed class Rekor1 : IAsyncDisposable
{
    public const string Entries = "/api/v1/log/entries";

    private readonly HttpClient http;

    private Rekor1(Rekor1Emulator emulator)
    {
        Emulator = emulator;
        http = new HttpClient { BaseAddress = emulator.Address };
    }

    public Rekor1Emulator Emulator { get; }

    public FaultSwitch Faults => Emulator.Faults;

    public Submitter Submitter { get; } = new();

    public HttpClient Http => http;

    public static async Task<Rekor1> StartAsync(TempFolder folder) =>
        new(await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["rekor"] }, CancellationToken.None));

    public Task<HttpResponseMessage> PostAsync(string request) =>
        http.PostAsync(Entries, new StringContent(request, Encoding.UTF8, "application/json"));

    /// <summary>Logs an artifact.</summary>
    public async Task<LoggedEntry1> SubmitAsync(string artifact)
    {
        using var answer = await PostAsync(Submitter.HashedRekord1(artifact));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return LoggedEntry1.Of(await answer.Content.ReadAsStringAsync());
    }

    public async Task<LoggedEntry1> AtAsync(long index) => LoggedEntry1.Of(await http.GetStringAsync($"{Entries}?logIndex={index}"));

    public async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(path));
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        Submitter.Dispose();
        await Emulator.DisposeAsync();
    }
}

/// <summary>An entry as the API shows it.</summary>
internal sealed record LoggedEntry1(string Id, JsonElement Value)
{
    public string Body => Value.GetProperty("body").GetString()!;

    public long LogIndex => Value.GetProperty("logIndex").GetInt64();

    public long IntegratedTime => Value.GetProperty("integratedTime").GetInt64();

    public string LogId => Value.GetProperty("logID").GetString()!;

    public string Promise => Value.GetProperty("verification").GetProperty("signedEntryTimestamp").GetString()!;

    public JsonElement Proof => Value.GetProperty("verification").GetProperty("inclusionProof");

    public string Root => Proof.GetProperty("rootHash").GetString()!;

    public string Checkpoint => Proof.GetProperty("checkpoint").GetString()!;

    public long Size => Proof.GetProperty("treeSize").GetInt64();

    public IReadOnlyList<string> Hashes => [.. Proof.GetProperty("hashes").EnumerateArray().Select(h => h.GetString()!)];

    public static LoggedEntry1 Of(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var entry = json.RootElement.EnumerateObject().Single();
        return new LoggedEntry1(entry.Name, entry.Value.Clone());
    }
}
