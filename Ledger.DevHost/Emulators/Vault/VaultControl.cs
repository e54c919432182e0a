using Ledger.DevHost.Emulators.Vault.Pace;
using Ledger.DevHost.Emulators.Vault.Transit;

namespace Ledger.DevHost.Emulators.Vault;

/// <summary>
/// What a benchmark reads and sets, outside the emulated surface:
/// <code>GET  /emulator/vault/counters   {"sign_calls":12,"signatures":3400}
/// POST /emulator/vault/sign-cost  {"per_call_us":400,"per_signature_us":25,"servers":2}      DELETE: as fast as it can</code>
/// </summary>
internal static class VaultControl
{
    public static void Map(WebApplication app, SignCounters counters, ServiceTime serviceTime)
    {
        app.MapGet("/emulator/vault/counters", () => Results.Json(new { sign_calls = counters.Calls, signatures = counters.Signatures }));
        app.MapDelete("/emulator/vault/sign-cost", () => Set(serviceTime, null));
        app.MapPost("/emulator/vault/sign-cost", async (HttpRequest request) =>
        {
            using var wire = await System.Text.Json.JsonDocument.ParseAsync(request.Body).ConfigureAwait(false);
            double Number(string name, double otherwise)
                => wire.RootElement.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
            return Set(serviceTime, new SignCost
            {
                PerCall = TimeSpan.FromMicroseconds(Number("per_call_us", 400)),
                PerSignature = TimeSpan.FromMicroseconds(Number("per_signature_us", 25)),
                Servers = (int)Number("servers", 2),
            });
        });
    }

    private static IResult Set(ServiceTime serviceTime, SignCost? cost)
    {
        serviceTime.Cost = cost;
        return Results.NoContent();
    }
}
