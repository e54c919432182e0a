namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>Those who look at one <see cref="ObservedStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedRun : ICollectionFixture<ObservedStack>
{
    public const string Name = "an observed run";
}
