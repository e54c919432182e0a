namespace Ledger.DevHost.Exports;

/// <summary>One shell variable of `DIR/env`.</summary>
/// <param name="About">For people; one line.</param>
internal sealed record Variable(string Name, string Value, string About);
