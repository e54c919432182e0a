using System.Text;

namespace Ledger.DevHost.Emulators.S3.Requests;

/// <summary>The parameters of a request in their order, decoded; <c>+</c> is a space.
/// <code>list-type=2&amp;prefix=a%2Fb+c</code></summary>
internal sealed class Query
{
    private readonly List<(string Name, string Value)> parameters = [];

    public Query(string text)
    {
        foreach (var parameter in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = parameter.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = cut < 0 ? (parameter, "") : (parameter[..cut], parameter[(cut + 1)..]);
            parameters.Add((PercentText.Decoded(name, plusIsSpace: true), PercentText.Decoded(value, plusIsSpace: true)));
        }
    }

    public IReadOnlyList<(string Name, string Value)> All => parameters;

    /// <summary>The first of that name; null: it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (found, value) in parameters)
                if (found == name)
                    return value;
            return null;
        }
    }

    public bool Has(string name) => this[name] is not null;

    /// <summary>As it is signed: sorted by name, every byte but the unreserved ones in percent.</summary>
    public string Canonical(Func<string, bool> without)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters.Where(p => !without(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (text.Length > 0)
                text.Append('&');
            text.Append(PercentText.Encoded(name)).Append('=').Append(PercentText.Encoded(value));
        }
        return text.ToString();
    }
}
