using System.Security.Cryptography;
using Ledger.Core.Identity;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Api.Tenancy;

/// <summary>Whether a token that names a key can be judged.</summary>
internal enum KeyAnswer
{
    /// <summary>The key is here.</summary>
    Known,

    /// <summary>The issuer has no such key, as far as it was asked in the last minute.</summary>
    Unknown,

    /// <summary>Nobody can tell now: the issuer cannot be asked.</summary>
    Unavailable,
}

/// <summary>
/// The keys of one issuer as this process knows them, and when it asks again. docs/identity.md shows the states as a table. One fetch runs
/// at a time; who has a usable key never waits for one, and nobody for more than one. </summary>
/// <param name="fetch">Asks the issuer, and ends; whatever it throws means that the issuer cannot be asked.</param>
internal sealed class IssuerKeys(IssuerOptions issuer, Func<Task<IssuerKeySet>> fetch, TimeProvider time, ILogger log)
{
    /// <summary>Between two fetches that unknown keys ask for, so that a flood of them is one fetch a minute.</summary>
    public static readonly TimeSpan UnknownKeyPause = TimeSpan.FromMinutes(1);

    /// <summary>After the end of a fetch that failed: as long as Retry-After tells callers to wait.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private (IssuerKeySet Keys, ILookup<string, SecurityKey> Ready, DateTimeOffset ReadAt)? current;
    private DateTimeOffset? firstTriedAt, triedAt, unknownAt;
    private Task? fetching;
    private bool away, spent;

    /// <summary>The keys of this name, of what was last read.</summary>
    public IEnumerable<SecurityKey> Of(string keyId)
    {
        lock (gate) return current?.Ready[keyId] ?? [];
    }

    /// <summary>For metrics; null while nobody asked for a key of it.</summary>
    public IssuerState? State
    {
        get
        {
            lock (gate)
            {
                if (firstTriedAt is not { } asked) return null;
                return new IssuerState(Since(current?.ReadAt ?? asked, time.GetUtcNow()), away);
            }
        }
    }

    public async ValueTask<KeyAnswer> FindAsync(string keyId, CancellationToken cancel)
    {
        Task? wait;
        lock (gate)
        {
            wait = Plan(keyId, time.GetUtcNow());
            if (wait is null) return Answer(keyId, time.GetUtcNow());
        }
        await wait.WaitAsync(cancel);
        lock (gate)
        {
            var now = time.GetUtcNow();
            var answer = Answer(keyId, now);
            if (answer == KeyAnswer.Unknown) unknownAt ??= now; // also where the fetch was the first: it has just told
            return answer;
        }
    }

    /// <summary>The fetch that this request has to wait for; null where it has its answer.</summary>
    private Task? Plan(string keyId, DateTimeOffset now)
    {
        if (unknownAt is { } asked && Since(asked, now) >= UnknownKeyPause) unknownAt = null;
        var mayTry = fetching is null && !(away && triedAt is { } tried && Since(tried, now) < FailurePause);
        var running = away ? null : fetching; // of an issuer that was away, one caller at a time waits to see whether it still is
        if (!IsUsable(now)) return mayTry ? Begin(now) : running;
        if (current!.Value.Keys.Contains(keyId))
        {
            var age = Since(current.Value.ReadAt, now);
            if (age < issuer.KeysFreshFor * 0.9) return null;
            var refresh = mayTry ? Begin(now) : running;
            // Past their time without a failed try, after a quiet spell: an unasked issuer is no unreachable one.
            return age < issuer.KeysFreshFor || away ? null : refresh;
        }
        if (fetching is not null || !mayTry || unknownAt is not null) return running;
        unknownAt = now;
        return Begin(now);
    }

    private KeyAnswer Answer(string keyId, DateTimeOffset now)
    {
        if (!IsUsable(now))
        {
            if (current is not null && !spent)
                log.LogError("issuer {Issuer}: its keys are older than {StaleFor} and are used no more; every token is refused with 503",
                    issuer.EffectiveName, issuer.KeysStaleFor);
            spent = current is not null;
            return KeyAnswer.Unavailable;
        }
        if (current!.Value.Keys.Contains(keyId)) return KeyAnswer.Known;
        return away ? KeyAnswer.Unavailable : KeyAnswer.Unknown;
    }

    private bool IsUsable(DateTimeOffset now) => current is { } held && Since(held.ReadAt, now) < issuer.KeysStaleFor;

    private Task Begin(DateTimeOffset now)
    {
        firstTriedAt ??= now;
        return fetching = Task.Run(() => FetchAsync(now));
    }

    private async Task FetchAsync(DateTimeOffset begun)
    {
        IssuerKeySet? read = null;
        Exception? failure = null;
        try { read = await fetch(); }
        catch (Exception e) { failure = e; } // whatever it is, the issuer's keys are not to be had: told below, and no caller's fault
        lock (gate)
        {
            fetching = null;
            triedAt = time.GetUtcNow(); // one that took its whole time is not followed by another at once
            if (read is not null) current = (read, read.All.ToLookup(key => key.Id, Ready, StringComparer.Ordinal), begun);
            var wasAway = away;
            (away, spent) = (read is null, spent && read is null);
            if (away && !wasAway)
                log.LogWarning("issuer {Issuer} is away: {Reason}; keys read at {ReadAt:O} serve for {StaleFor}", issuer.EffectiveName,
                    failure is OperationCanceledException ? "no answer in time" : failure!.Message, current?.ReadAt,
                    issuer.KeysStaleFor);
            if (wasAway && !away) log.LogInformation("issuer {Issuer} is back", issuer.EffectiveName);
        }
    }

    /// <summary>A clock that was set back makes keys old, not young for ever.</summary>
    private static TimeSpan Since(DateTimeOffset then, DateTimeOffset now) => (now - then).Duration();

    /// <summary>As the token library wants it, made once for every read of the set and not for every token.</summary>
    private static SecurityKey Ready(IssuerKey key) => key switch
    {
        RsaIssuerKey rsa => new RsaSecurityKey(rsa.Public) { KeyId = rsa.Id },
        EcIssuerKey ec => new ECDsaSecurityKey(ECDsa.Create(ec.Public)) { KeyId = ec.Id },
        _ => throw new InvalidOperationException($"An issuer's key of an unknown kind: {key.GetType().Name}"),
    };
}
