using System.Net;
using Ledger.Verify;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A tenant that has one of everything that paths name: three covered entries, an anchor, a key, an attestation, a dead letter.
/// </summary>
internal sealed class FullTenant : IDisposable
{
    public const string DeadLetter = "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c99";
    public const int Size = 3;

    private FullTenant(string name, string entry, Attestor attestor, string attestation) =>
        (Name, Entry, Attestor, Attestation) = (name, entry, attestor, attestation);

    public string Name { get; }

    /// <summary>The id of its first entry.</summary>
    public string Entry { get; }

    public Attestor Attestor { get; }

    /// <summary>The SHA-256 of its attestation.</summary>
    public string Attestation { get; }

    public static async Task<FullTenant> MakeAsync(ApiUnderTest ledger)
    {
        var name = await ledger.AddTenantAsync();
        var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, name);
        var entries = await ledger.AppendManyAsync(name, Size - 1);
        using var client = ledger.ClientFor(name);
        using var attested = await client.PostAsync("/attestations",
            Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("app"u8)))));
        var attestation = (await attested.JsonAsync(HttpStatusCode.Created)).GetProperty("payload_hash").GetString()!;
        await ledger.CoverAsync();
        await ledger.AddAnchorAsync(name, Size);
        await ledger.AddDeadLetterAsync(name, DeadLetter);
        return new FullTenant(name, entries[0].Id, attestor, attestation);
    }

    /// <summary>A path with its parameters' names filled in: this tenant's own things, or things that are not there.</summary>
    public string Fill(string path, bool real)
    {
        var key = real ? Attestor.KeyId : new string('0', 64);
        var id = path.Contains("dead-letters", StringComparison.Ordinal) ? DeadLetter : Entry;
        return path
            .Replace("attestation-keys/{id}", $"attestation-keys/{key}", StringComparison.Ordinal)
            .Replace("{id}", real ? id : "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c77", StringComparison.Ordinal)
            .Replace("{tenant}", real ? Name : "nobody-at-all", StringComparison.Ordinal)
            .Replace("{sha256}", real ? Attestation : new string('0', 64), StringComparison.Ordinal)
            .Replace("{size}", real ? "3" : "1000000", StringComparison.Ordinal)
            .Replace("{epoch}", "2", StringComparison.Ordinal)
            .Replace("{level}", "0", StringComparison.Ordinal).Replace("{rest}", "000.p/3", StringComparison.Ordinal);
    }

    public void Dispose() => Attestor.Dispose();
}
