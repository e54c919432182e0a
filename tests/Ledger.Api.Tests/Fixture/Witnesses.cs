using Ledger.Core.Anchoring;
using Ledger.Verify.Anchoring;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Fixture;

/// <summary>API processes with transparency logs of the test's own.</summary>
internal static class Witnesses
{
    public static ApiProcess WithLogs(this ApiUnderTest ledger, TimeProvider? time, params ITransparencyLog[] logs) =>
        new(ledger.Settings, time, services => services.AddSingleton(new TransparencyLogs(logs, new TrustedRoot([], []))));
}
