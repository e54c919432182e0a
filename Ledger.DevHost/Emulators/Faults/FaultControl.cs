using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.DevHost.Emulators.Faults;

/// <summary>
/// The control endpoint, outside the emulated surface: GET what is set, POST one more, DELETE all.
/// <code>POST /emulator/faults {"mode":"slow","path_prefix":"/v1/transit/sign","delay_ms":2000,"count":3}</code>
/// </summary>
internal static class FaultControl
{
    private static readonly Dictionary<string, FaultMode> Modes = new(StringComparer.Ordinal)
    {
        ["ok"] = FaultMode.Ok,
        ["down"] = FaultMode.Down,
        ["slow"] = FaultMode.Slow,
        ["5xx"] = FaultMode.ServerError,
        ["drop"] = FaultMode.Drop,
        ["wrong-signature"] = FaultMode.WrongSignature,
        ["wrong-key"] = FaultMode.WrongKey,
        ["batch-item-error"] = FaultMode.BatchItemError,
        ["sealed"] = FaultMode.Sealed,
        ["hang"] = FaultMode.Hang,
        ["429"] = FaultMode.TooManyRequests,
        ["wrong-proof"] = FaultMode.WrongProof,
        ["wrong-root"] = FaultMode.WrongRoot,
        ["other-entry"] = FaultMode.OtherEntry,
        ["shrunk-tree"] = FaultMode.ShrunkTree,
        ["forked-tree"] = FaultMode.ForkedTree,
        ["clock-skew"] = FaultMode.ClockSkew,
        ["frozen"] = FaultMode.Frozen,
        ["pushback"] = FaultMode.Pushback,
        ["forgetful"] = FaultMode.Forgetful,
        ["wrong-imprint"] = FaultMode.WrongImprint,
    };

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void Map(WebApplication app, FaultSwitch faults)
    {
        app.MapGet("/emulator/faults", () => Results.Json(faults.Current.Select(Wire.Of), Json));
        app.MapDelete("/emulator/faults", () => Cleared(faults));
        app.MapPost("/emulator/faults", (Delegate)((HttpContext context) => SetAsync(context, faults)));
    }

    private static IResult Cleared(FaultSwitch faults)
    {
        faults.Clear();
        return Results.NoContent();
    }

    private static async Task<IResult> SetAsync(HttpContext context, FaultSwitch faults)
    {
        Wire? wire;
        try
        {
            wire = await JsonSerializer.DeserializeAsync<Wire>(context.Request.Body, Json, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return Results.Json(new { error = e.Message }, Json, statusCode: 400);
        }
        if (wire is null || !Modes.TryGetValue(wire.Mode, out var mode) || wire.DelayMs < 0 || wire.Count < 1
            || wire.Status is < 100 or > 599 || wire.RetryAfterS < 0)
        {
            var error = $"mode is one of {string.Join(", ", Modes.Keys)}; delay_ms >= 0, count >= 1, status 100 to 599, retry_after_s >= 0";
            return Results.Json(new { error }, Json, statusCode: 400);
        }
        faults.Set(new Fault(mode)
        {
            PathPrefix = wire.PathPrefix,
            Delay = TimeSpan.FromMilliseconds(wire.DelayMs),
            Count = wire.Count,
            Status = wire.Status,
            AfterWork = wire.AfterWork,
            RetryAfter = TimeSpan.FromSeconds(wire.RetryAfterS),
            Skew = TimeSpan.FromSeconds(wire.SkewS),
        });
        return Results.NoContent();
    }

    private sealed record Wire
    {
        public required string Mode { get; init; }
        public string PathPrefix { get; init; } = "";
        public int DelayMs { get; init; } = 1000;
        public int? Count { get; init; }
        public int Status { get; init; } = 500;
        public bool AfterWork { get; init; }
        public int RetryAfterS { get; init; } = 1;
        public int SkewS { get; init; } = 600;

        public static Wire Of(Fault fault) => new()
        {
            Mode = Modes.First(m => m.Value == fault.Mode).Key,
            PathPrefix = fault.PathPrefix,
            DelayMs = (int)fault.Delay.TotalMilliseconds,
            Count = fault.Count,
            Status = fault.Status,
            AfterWork = fault.AfterWork,
            RetryAfterS = (int)fault.RetryAfter.TotalSeconds,
            SkewS = (int)fault.Skew.TotalSeconds,
        };
    }
}
