namespace Ledger.AppHost.Storage;

/// <summary>MinIO: an S3 server, for the high-water marks.</summary>
internal sealed class MinioResource(string name) : ContainerResource(name)
{
    public const string HttpEndpoint = "http", ConsoleEndpoint = "console";

    public ReferenceExpression Address => ReferenceExpression.Create($"{new EndpointReference(this, HttpEndpoint)}");
}
