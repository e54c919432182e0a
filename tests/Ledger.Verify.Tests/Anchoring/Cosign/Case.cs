namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>A bundle with a verdict that both must give, unless a documented difference says that only cosign accepts it.</summary>
/// <param name="Judged">The bundle and what it is judged by; its name says what is special.</param>
/// <param name="Accepted">cosign's verdict.</param>
/// <param name="Difference">The row of docs/verify.md under which this verifier refuses what cosign accepts; null where they agree.</param>
/// <param name="Timestamps">With <c>--use-signed-timestamps</c>.</param>
internal sealed record Case(JudgedBundle Judged, bool Accepted, string? Difference = null, bool Timestamps = false)
{
    public override string ToString() => Judged.Name;
}
