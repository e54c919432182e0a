using Ledger.DevHost.Emulators.Rekor1.Log;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary>A request that has a route, and what the log says to it.</summary>
/// <param name="Path">Cleaned: no double and no last slash.</param>
/// <param name="Body">Empty where there was none.</param>
/// <param name="MediaType">Of the answer, as the client asked for it.</param>
internal sealed record Rekor1Request(string Path, IQueryCollection Query, byte[] Body, string MediaType, LogVoice Voice);
