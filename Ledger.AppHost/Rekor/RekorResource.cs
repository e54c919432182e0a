namespace Ledger.AppHost.Rekor;

/// <summary>A transparency log of this machine: rekor-server on Trillian, with a log key of ours.</summary>
internal sealed class RekorResource(string name) : ContainerResource(name)
{
    public const string HttpEndpoint = "http";

    /// <summary>The host name in its checkpoints: <c>rekor.localhost - 2605736670972794746</c>.</summary>
    public const string Origin = "rekor.localhost";

    public ReferenceExpression Url => ReferenceExpression.Create($"{new EndpointReference(this, HttpEndpoint)}");
}
