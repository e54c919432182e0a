namespace Ledger.AppHost.Parameters;

/// <summary>A value that is computed from another one when it is needed, such as the public half of a key.</summary>
internal sealed class Derived<T>(T from, Func<string, string> how) : IValueProvider, IManifestExpressionProvider
    where T : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => from.ValueExpression;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        await from.GetValueAsync(cancellationToken) is { } value ? how(value) : null;
}

internal static class Derived
{
    public static ReferenceExpression From(IResourceBuilder<ParameterResource> parameter, Func<string, string> how) =>
        ReferenceExpression.Create($"{new Derived<ParameterResource>(parameter.Resource, how)}");
}
