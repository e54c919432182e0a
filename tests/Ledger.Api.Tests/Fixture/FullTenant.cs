using System.Net;
using Ledger.Api.Tests.ApiKeys;
using Ledger.Verify;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A tenant that has one of everything that paths name: three covered entries and an anchor in each of two epochs, an attestation
/// and its key, an API key, a person who joined and one who is invited, a dead letter.</summary>
internal sealed class FullTenant : IDisposable
{
    public const string DeadLetter = "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c99";
    public const int Size = 3; // of each epoch's log

    public const string Provider = "sso";

    private const string Unknown = "0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c77";

    private FullTenant(string name, string entry, Attestor attestor) => (Name, Entry, Attestor) = (name, entry, attestor);

    public string Name { get; }

    /// <summary>The id of its first entry.</summary>
    public string Entry { get; }

    public Attestor Attestor { get; }

    /// <summary>The SHA-256 of its attestation.</summary>
    public string Attestation { get; private init; } = "";

    public string ApiKey { get; private init; } = "";

    /// <summary>Of somebody who joined, and has a link to <see cref="Provider"/>.</summary>
    public string Person { get; private init; } = "";

    /// <summary>Of somebody who has not.</summary>
    public string Invitation { get; private init; } = "";

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
        await ledger.OpenEpochAsync(name); // with an entry of its own
        await ledger.AppendManyAsync(name, Size - 1);
        await ledger.CoverAsync();
        await ledger.AddAnchorAsync(name, Size, epoch: 2);
        return new FullTenant(name, entries[0].Id, attestor)
        {
            Attestation = attestation,
            ApiKey = (await ledger.AddKeyAsync(name)).Id,
            Person = await ledger.JoinedAsync(name, "joined@example.com"),
            Invitation = await ledger.InvitedAsync(name, "invited@example.com"),
        };
    }

    /// <summary>A path with its parameters' names filled in: this tenant's own things, or things that are not there.</summary>
    public string Fill(string path, bool real) => path
        .Replace("attestation-keys/{id}", $"attestation-keys/{(real ? Attestor.KeyId : new string('0', 64))}", StringComparison.Ordinal)
        .Replace("{id}", real ? Id(path) : Unknown, StringComparison.Ordinal)
        .Replace("{alias}", Provider, StringComparison.Ordinal)
        .Replace("{tenant}", real ? Name : "nobody-at-all", StringComparison.Ordinal)
        .Replace("{sha256}", real ? Attestation : new string('0', 64), StringComparison.Ordinal)
        .Replace("{size}", real ? "3" : "1000000", StringComparison.Ordinal)
        .Replace("{epoch}", "2", StringComparison.Ordinal)
        .Replace("{level}", "0", StringComparison.Ordinal).Replace("{rest}", "000.p/3", StringComparison.Ordinal);

    private string Id(string path) => path.Split('/') switch
    {
        var parts when parts.Contains("dead-letters") => DeadLetter,
        var parts when parts.Contains("api-keys") => ApiKey,
        var parts when parts.Contains("users") => Person,
        var parts when parts.Contains("invitations") => Invitation,
        _ => Entry,
    };

    public void Dispose() => Attestor.Dispose();
}
