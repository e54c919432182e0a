using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Rekor1.Answers;
using Ledger.DevHost.Emulators.Rekor1.Log;
using Ledger.DevHost.Emulators.Rekor1.Proposals;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary><c>/log/entries</c> and what is below it, but for the retrieval of several.</summary>
internal sealed partial class EntryRoutes(Rekor1Log log, TimeProvider time)
{
    public const string BadEntryId = "should match '^([0-9a-fA-F]{64}|[0-9a-fA-F]{80})$'";

    public Rekor1Answer Create(Rekor1Request request)
    {
        var (proposal, refusal) = Proposal.Read(request.Body);
        if (proposal is null)
            return refusal!;
        CanonicalEntry entry;
        try
        {
            entry = proposal.Canonicalize();
        }
        catch (Refused e)
        {
            return Rekor1Answer.Error(400, "error processing entry: " + e.Message);
        }
        var (place, wasThere) = log.Add(entry, time.GetUtcNow().ToUnixTimeSeconds() + request.Voice.Skew);
        var shown = request.Voice.Show(place) ?? place;
        var location = "/api/v1/log/entries/" + shown.EntryId;
        if (wasThere)
            return Rekor1Answer.Error(409, $"an equivalent entry already exists in the transparency log with UUID {shown.EntryId}") with
            {
                Location = location,
            };
        return Rekor1Answer.Json(201, w => EntryJson.Write(w, shown, request.Voice)) with { Etag = shown.EntryId, Location = location };
    }

    public Rekor1Answer ByIndex(Rekor1Request request)
    {
        var (index, refusal) = Parameter.RequiredNumber(request.Query, "logIndex", 0);
        return refusal ?? Shown(log.At(index!.Value), request.Voice);
    }

    public Rekor1Answer ById(Rekor1Request request)
    {
        var id = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        if (!EntryId().IsMatch(id))
            return Rekor1Answer.Invalid(605, $"entryUUID in path {BadEntryId}");
        return HasTreeId(id)
            ? Shown(log.Find(id.ToLowerInvariant()), request.Voice)
            : Rekor1Answer.Error(500, "unexpected error communicating with transparency log");
    }

    /// <summary>64 hex digits of a leaf, with or without 16 of its tree before them.</summary>
    [GeneratedRegex("^([0-9a-fA-F]{64}|[0-9a-fA-F]{80})$")]
    public static partial Regex EntryId();

    /// <summary>A tree id is a positive int64, where it is given at all.</summary>
    public static bool HasTreeId(string id) =>
        id.Length == 64 || long.Parse(id.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture) > 0;

    private static Rekor1Answer Shown(Place? place, LogVoice voice) => place is { } p && voice.Show(p) is { } shown
        ? Rekor1Answer.Json(200, w => EntryJson.Write(w, shown, voice))
        : Rekor1Answer.NotFound;
}
