using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core.Operations;

namespace Ledger.Core.Identity;

/// <summary>The checks of one realm, in the order in which one needs the other.</summary>
public sealed class RealmCheck(RealmVoice voice, TimeProvider time, CheckedRealm realm)
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30), LongestLife = TimeSpan.FromMinutes(15);

    /// <summary>The clients with a secret in the realm files; the variable of each is its name in capitals.</summary>
    private static readonly string[] ClientsWithSecrets = ["ledger-workers", "ledger-machine", "ledger-platform-workers"];

    private readonly List<CheckLine> _lines = [];
    private JsonObject? _discovery;
    private IssuerKeySet? _keys;
    private string? _token;

    public async Task<IReadOnlyList<CheckLine>> RunAsync(CancellationToken cancel)
    {
        await StepAsync("discovery", true, () => DiscoveryAsync(cancel));
        await StepAsync("issuer", _discovery is not null, () => Task.FromResult(Issuer()));
        await StepAsync("keys", _discovery is not null, () => KeysAsync(cancel));
        await StepAsync("token", _discovery is not null, () => TokenAsync(cancel));
        await StepAsync("claims", _token is not null && _keys is not null, () => Task.FromResult(Claims(RealmToken.Parse(_token!))));
        await StepAsync("clock", _token is not null, () => Task.FromResult(Clock(RealmToken.Parse(_token!))));
        if (realm.People is not null)
            await StepAsync("people", _token is not null || realm.People.Users is null, () => PeopleAsync(realm.People, cancel));
        await StepAsync("secrets", _discovery is not null, () => SecretsAsync(cancel));
        return _lines;
    }

    /// <summary>What needs no administrator and leaves no failed login behind: discovery, issuer and keys; token and claims where there is
    /// a client to ask as; and the clock.</summary>
    public async Task<IReadOnlyList<CheckLine>> RunLightlyAsync(CancellationToken cancel)
    {
        var discovers = realm.Keys is null;
        if (discovers) await StepAsync("discovery", true, () => DiscoveryAsync(cancel));
        if (discovers) await StepAsync("issuer", _discovery is not null, () => Task.FromResult(Issuer()));
        await StepAsync("keys", !discovers || _discovery is not null, () => KeysAsync(cancel));
        if (realm.Missing is null && discovers)
        {
            await StepAsync("token", _discovery is not null, () => TokenAsync(cancel));
            await StepAsync("claims", _token is not null && _keys is not null, () => Task.FromResult(Claims(RealmToken.Parse(_token!))));
        }
        var skew = voice.SkewAt(time.GetUtcNow());
        await StepAsync("clock", _token is not null || skew is not null,
            () => Task.FromResult(_token is null ? Clock(skew!.Value) : Clock(RealmToken.Parse(_token))));
        return _lines;
    }

    private async Task StepAsync(string check, bool possible, Func<Task<string>> step)
    {
        if (!possible)
        {
            _lines.Add(new CheckLine(check, CheckOutcome.Absent, ""));
            return;
        }
        try
        {
            _lines.Add(new CheckLine(check, CheckOutcome.Pass, await step()));
        }
        catch (Exception e) when (e is RealmRefusal or InvalidOperationException or FormatException)
        {
            _lines.Add(new CheckLine(check, CheckOutcome.Fail, e.Message.ReplaceLineEndings(" ")));
        }
    }

    private async Task<string> DiscoveryAsync(CancellationToken cancel)
    {
        RefusePlain(realm.Metadata, "give other keys");
        _discovery = await voice.GetAsync(realm.Metadata, cancel);
        return realm.Metadata.AbsoluteUri;
    }

    private string Issuer() => Discovered("issuer") is var said && said == realm.Issuer ? said
        : throw new RealmRefusal($"it calls itself {said}; configured is {realm.Issuer}");

    private async Task<string> KeysAsync(CancellationToken cancel)
    {
        var address = realm.Keys ?? new Uri(Discovered("jwks_uri"));
        RefusePlain(address, "give other keys");
        _keys = await voice.KeysAsync(address, cancel);
        return string.Join(", ", _keys.All.Select(key => key.Id).Distinct());
    }

    private async Task<string> TokenAsync(CancellationToken cancel)
    {
        if (realm.Missing is not null) throw new RealmRefusal($"no client to ask as: set {realm.Missing}");
        try
        {
            _token = await voice.TokenAsync(TokenEndpoint, realm.ClientId!, realm.Secret!, cancel);
            return realm.ClientId!;
        }
        catch (RealmRefusal e)
        {
            throw new RealmRefusal($"{realm.ClientId}: {e.Message}", e);
        }
    }

    private string Claims(RealmToken token)
    {
        if (!token.IsSignedBy(_keys!)) throw new RealmRefusal($"not signed by a published key: {token.Algorithm}, kid {token.KeyId}");
        if ((string?)token.Claims["iss"] != realm.Issuer) throw new RealmRefusal($"iss is {token.Claims["iss"]}");
        if (!Audiences(token.Claims["aud"]).Contains(realm.Audience))
            throw new RealmRefusal($"aud has no {realm.Audience}: the client lacks its audience mapper");
        if ((string?)token.Claims["azp"] != realm.ClientId) throw new RealmRefusal($"azp is {token.Claims["azp"]}");
        var life = Instant(token, "exp") - Instant(token, "iat");
        return life <= LongestLife ? $"aud {realm.Audience}, valid for {life.TotalSeconds:0} s, signed with {token.KeyId}"
            : throw new RealmRefusal($"a token lives for {life.TotalSeconds:0} s: more than {LongestLife.TotalSeconds:0}");
    }

    private string Clock(RealmToken token) =>
        Clock(Instant(token, "iat") - time.GetUtcNow());

    private static string Clock(TimeSpan skew)
    {
        // A server tells whole seconds, and the answer took its time.
        var text = string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:0.0} s from ours");
        return skew.Duration() <= MostSkew ? text : throw new RealmRefusal(text);
    }

    /// <summary>As the client of <c>People</c>, whichever the realm was asked as before.</summary>
    private async Task<string> PeopleAsync(CheckedPeople people, CancellationToken cancel)
    {
        if (people.Users is null) throw new RealmRefusal("nobody is administered: set People:KeycloakAddress");
        var token = people.ClientId == realm.ClientId ? _token! : string.IsNullOrEmpty(people.Secret)
            ? throw new RealmRefusal($"no secret of {people.ClientId}: set People:ClientSecret")
            : await voice.TokenAsync(TokenEndpoint, people.ClientId, people.Secret, cancel);
        await voice.AllowedAsync(people.Users, token, cancel);
        return $"{people.ClientId} may see the realm's users";
    }

    /// <summary>A realm imported while a secret's variable was not set has the placeholder itself as the secret.</summary>
    private async Task<string> SecretsAsync(CancellationToken cancel)
    {
        var clients = ClientsWithSecrets.Append(realm.ClientId).OfType<string>().Distinct().ToList();
        foreach (var client in clients)
        {
            var placeholder = $"${{{client.ToUpperInvariant().Replace('-', '_')}_SECRET}}";
            try
            {
                await voice.TokenAsync(TokenEndpoint, client, placeholder, cancel);
            }
            catch (RealmRefusal refused) when (refused.Status is 400 or 401)
            {
                continue;
            }
            throw new RealmRefusal($"{client}: the realm was imported without the variable: {placeholder} itself is its secret");
        }
        return "no placeholder is taken for a secret";
    }

    private Uri TokenEndpoint
    {
        get
        {
            var address = new Uri(Discovered("token_endpoint"));
            RefusePlain(address, "read the client's secret");
            return address;
        }
    }

    private static void RefusePlain(Uri address, string danger)
    {
        if (address is { Scheme: "http", IsLoopback: false })
            throw new RealmRefusal($"{address} is plain http beyond loopback: anybody on the way can {danger}");
    }

    private string Discovered(string name) =>
        (string?)_discovery![name] ?? throw new RealmRefusal($"the discovery document has no {name}");

    private static IEnumerable<string?> Audiences(JsonNode? audience) =>
        audience is JsonArray several ? several.Select(one => (string?)one) : [(string?)audience];

    private static DateTimeOffset Instant(RealmToken token, string claim) =>
        DateTimeOffset.FromUnixTimeSeconds((long?)token.Claims[claim] ?? throw new RealmRefusal($"the token has no {claim}"));
}
