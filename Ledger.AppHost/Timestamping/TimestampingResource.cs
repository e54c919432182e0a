namespace Ledger.AppHost.Timestamping;

/// <summary>An RFC 3161 authority: Sigstore's timestamp-server with a key of ours.</summary>
internal sealed class TimestampingResource(string name) : ContainerResource(name)
{
    public const string HttpEndpoint = "http";

    /// <summary>Where queries are posted to.</summary>
    public ReferenceExpression Url => ReferenceExpression.Create($"{new EndpointReference(this, HttpEndpoint)}/api/v1/timestamp");
}
