using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Postgres;

/// <summary>
/// Where our cluster lies: `postgres` in the state folder. When we are root and the server's user cannot pass through the folders above it
/// (such as /root, 0700), it lies in /var/lib/ledger-devhost instead, and `postgres.place` in the state folder says where.
/// </summary>
internal static class ClusterPlace
{
    private const string Elsewhere = "/var/lib/ledger-devhost";

    public static async Task<string> ChooseAsync(StateFolder state, CancellationToken ct)
    {
        var note = state["postgres.place"];
        if (File.Exists(note))
            return (await File.ReadAllTextAsync(note, ct)).Trim();
        var inside = state["postgres"];
        if (ServerUser.Id is not { } user || MajorOf(inside) is not null || await CanReachAsync(state.Path, user, ct))
            return inside;
        var place = Path.Combine(Elsewhere, Path.GetRandomFileName());
        PrivateFile.Write(note, place + "\n");
        return place;
    }

    /// <summary>The version of the cluster in the folder; null: there is none yet.</summary>
    public static int? MajorOf(string folder)
    {
        // One line: "15".
        var file = Path.Combine(folder, "data", "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var major) ? major : null;
    }

    private static async Task<bool> CanReachAsync(string folder, int user, CancellationToken ct)
    {
        await using var probe = await ChildProcess.StartAsync(new("test", "test", "-x", folder) { UserId = user, WorkingDirectory = "/" });
        return await probe.Exited.WaitAsync(ct) == 0;
    }
}
