namespace Ledger.Api.Operations;

/// <summary>Settings that an operator has to mend: one line each, naming the setting. They are all that is printed.</summary>
internal sealed class ConfigurationFault(params IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    public IReadOnlyList<string> Lines { get; } = lines;
}
