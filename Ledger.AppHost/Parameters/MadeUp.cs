using Aspire.Hosting.Publishing;

namespace Ledger.AppHost.Parameters;

/// <summary>A parameter that nobody gave: made here. It is in no manifest.</summary>
internal sealed class MadeUp(Func<string> make) : ParameterDefault
{
    public override string GetDefaultValue() => make();

    public override void WriteToManifest(ManifestPublishingContext context) =>
        throw new DistributedApplicationException("A secret of a stack on this machine is not for a manifest.");
}
