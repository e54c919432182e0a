using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>The paths below a transit mount.</summary>
internal sealed partial class TransitEngine(KeyStore keys, SignCounters counters, TimeProvider time)
{
    private readonly KeyRoutes keyRoutes = new(keys, time);
    private readonly KeyConfig config = new(keys);
    private readonly SignRoute sign = new(keys, counters);
    private readonly VerifyRoute verify = new(keys);
    private readonly ExportRoute export = new(keys);

    /// <param name="request">The request.</param>
    /// <param name="mount">Path of the mount, with its last slash: key names are its own.</param>
    /// <param name="path">The rest of the path.</param>
    public Answer Route(VaultRequest request, string mount, string path)
    {
        if (path is "keys" or "keys/")
            return request.Operation == Operation.List ? keyRoutes.List(mount) : Answer.UnsupportedOperation;
        var parts = path.Split('/');
        if (parts.Length < 2 || !Name().IsMatch(parts[parts[0] == "export" && parts.Length > 2 ? 2 : 1]))
            return Answer.UnsupportedPath;
        var name = parts[1];
        var more = parts.Length > 2 ? string.Join('/', parts[2..]) : null;
        return (parts[0], more) switch
        {
            ("keys", null) => keyRoutes.On(request, mount, name),
            ("keys", "rotate") => Update(request, () => keyRoutes.Rotate(request, mount, name)),
            ("keys", "config") => Update(request, () => config.Configure(request, mount, name)),
            ("keys", "trim") => Update(request, () => config.TrimVersions(request, mount, name)),
            ("sign", not "") => Update(request, () => sign.On(request, mount, name, more)),
            ("verify", not "") => Update(request, () => verify.On(request, mount, name, more)),
            ("export", not null) when parts.Length is 3 or 4 => request.Operation == Operation.Read
                ? export.Read(mount, parts[1], parts[2], parts.ElementAtOrDefault(3))
                : Answer.UnsupportedOperation,
            _ => Answer.UnsupportedPath,
        };
    }

    private static Answer Update(VaultRequest request, Func<Answer> route)
        => request.Operation == Operation.Update ? route() : Answer.UnsupportedOperation;

    // Word characters, with dots and dashes inside.
    [GeneratedRegex(@"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\z")]
    private static partial Regex Name();
}
