namespace Ledger.Core.Tests.House;

/// <summary>One part of the house uses another.</summary>
public sealed record Edge(string From, string To)
{
    public override string ToString() => $"{From} -> {To}";
}
