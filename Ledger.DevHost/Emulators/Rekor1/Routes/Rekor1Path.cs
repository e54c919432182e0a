using Ledger.DevHost.Emulators.Rekor1.Answers;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary>What one path takes.</summary>
/// <param name="MediaTypes">Of the answer, the default first.</param>
internal sealed record Rekor1Path(
    Func<Rekor1Request, Rekor1Answer>? Get, Func<Rekor1Request, Rekor1Answer>? Post, params string[] MediaTypes)
{
    public string Allow => (Get, Post) switch
    {
        (not null, not null) => "GET,POST",
        (not null, null) => "GET",
        _ => "POST",
    };

    public Func<Rekor1Request, Rekor1Answer>? Of(string method) => method switch
    {
        "GET" => Get,
        "POST" => Post,
        _ => null,
    };

    /// <summary>The media type that an Accept header asks for; null: none of ours.</summary>
    public string? Negotiate(IEnumerable<string?> accept)
    {
        var wanted = accept.SelectMany(a => (a ?? "").Split(',')).Select(a => a.Trim()).Where(a => a.Length > 0).ToList();
        if (wanted.Count == 0)
            return MediaTypes[0];
        var ranges = wanted
            .Select(w => w.Split(';'))
            .Where(w => !w.Skip(1).Any(p => p.Trim() is "q=0" or "q=0.0"))
            .Select(w => w[0].Trim())
            .ToList();
        return MediaTypes.FirstOrDefault(type => ranges.Any(range => range == type || range == "*/*" || range == "application/*"));
    }
}
