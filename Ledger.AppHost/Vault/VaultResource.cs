namespace Ledger.AppHost.Vault;

/// <summary>HashiCorp Vault as a development server: unsealed, with the root token it was given, and its keys in memory alone.</summary>
internal sealed class VaultResource(string name, ParameterResource rootToken) : ContainerResource(name)
{
    public const string HttpEndpoint = "http";

    public ParameterResource RootToken { get; } = rootToken;

    /// <summary>As <c>VAULT_ADDR</c> has it: <c>http://localhost:8200</c>.</summary>
    public ReferenceExpression Address => ReferenceExpression.Create($"{new EndpointReference(this, HttpEndpoint)}");
}
