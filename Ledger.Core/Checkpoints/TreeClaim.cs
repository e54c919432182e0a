using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;

namespace Ledger.Core.Checkpoints;

/// <summary>A log that one integrator works on until its lease ends, as its head rows were when it was claimed.</summary>
/// <param name="TreeSize">Entries in the newest stored tree.</param>
/// <param name="NextSeq">Entries in the log.</param>
internal sealed record TreeClaim(TenantId Tenant, int Epoch, string Origin, long TreeSize, Digest Root, byte[] RightEdge, long NextSeq, string? Halted)
{
    public LogId Log => new(Tenant, Epoch);

    public static TreeClaim Read(NpgsqlDataReader reader) => new(
        TenantId.Parse(reader.GetString(0)), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.GetDigest(4), reader.GetFieldValue<byte[]>(5),
        reader.GetInt64(6), reader.GetTextOrNull(7));
}

/// <summary>One epoch of one tenant's log.</summary>
internal readonly record struct LogId(TenantId Tenant, int Epoch)
{
    public override string ToString() => $"{Tenant}/{Epoch}";
}
