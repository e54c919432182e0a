using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Marks of a log that never was: they agree with themselves, but nobody signed them.</summary>
internal static class SampleMark
{
    public static HighWaterMark Of(TenantId tenant, long size)
    {
        var root = MerkleHash.Leaf(BitConverter.GetBytes(size));
        var note = new Note(new Checkpoint($"ledger.test/log/{tenant}", size, root).Body(),
            [new NoteSignature($"ledger.test/log/{tenant}", 7, new byte[64])]);
        return new HighWaterMark(tenant, 1, size, root, note.Format());
    }
}
