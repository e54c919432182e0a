using Ledger.DevHost.Postgres;

namespace Ledger.DevHost.Setup;

/// <summary>The environment of a subcommand; what is missing is named, and no value ever shows in a message.</summary>
internal sealed class SetupVariables(Func<string, string?> environment)
{
    /// <exception cref="SetupFailed">It is not set, or to nothing.</exception>
    public string Required(string name) =>
        Optional(name) ?? throw new SetupFailed($"{name} is not set");

    /// <summary>As it is in the environment: null only where it is not set.</summary>
    public string? Raw(string name) => environment(name);

    /// <summary>Null: not set, or to nothing.</summary>
    public string? Optional(string name) => environment(name) is { Length: > 0 } value ? value : null;

    public string Or(string name, string otherwise) => Optional(name) ?? otherwise;

    /// <exception cref="SetupFailed">Not set, or no http:// or https:// URL.</exception>
    public Uri Address(string name) =>
        Uri.TryCreate(Required(name), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new SetupFailed($"{name} is not an http:// or https:// URL");

    /// <summary>In Npgsql's keywords.</summary>
    /// <exception cref="SetupFailed">Not set, or neither keywords nor a URI.</exception>
    public string Database(string name)
    {
        try
        {
            return ConnectionUri.ToNpgsql(Required(name));
        }
        catch (FormatException)
        {
            throw new SetupFailed($"{name} is neither Npgsql keywords (Host=…;Username=…) nor a postgresql:// URI");
        }
    }
}
