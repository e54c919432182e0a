using System.Security.Cryptography;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Core.Entries;

/// <summary>An entry on its way to a place in the log: statement made, then signed, not yet positioned.</summary>
public sealed class PreparedEntry
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Statement Statement { get; init; }

    public required byte[] Meta { get; init; }

    public required byte[] Salt { get; init; }

    public required Digest StatementSha256 { get; init; }

    /// <summary>What the key signs: DSSE PAE of the statement.</summary>
    public required byte[] Pae { get; init; }

    /// <summary>Set by <see cref="SignedBy"/>, again when the first key turned out to be retired.</summary>
    public SigningKey Key { get; private set; } = null!;

    public byte[] Signature { get; private set; } = null!;

    public void SignedBy(SigningKey key, byte[] signature) => (Key, Signature) = (key, signature);
}

/// <summary>Makes statements: gives the id, the instant and the salt.</summary>
public sealed class EntryPreparation(TimeProvider time, IdSource ids)
{
    public PreparedEntry Prepare(
        TenantId tenant, AppendItem item, string predicateType = PredicateTypes.Entry, string? previousCheckpoint = null)
    {
        var now = time.GetUtcNow();
        now = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero); // what is signed is what is stored
        var id = ids.NewId(now);
        var salt = RandomNumberGenerator.GetBytes(32);
        var statement = new Statement(item.Subject, item.PayloadHash, predicateType, tenant.Value, id.ToString(), LedgerTime.Format(now),
            MetaCommitment.Of(item.Meta, salt), previousCheckpoint);
        var bytes = statement.ToBytes();
        return new PreparedEntry
        {
            Id = id,
            CreatedAt = now,
            Statement = statement,
            Meta = item.Meta,
            Salt = salt,
            StatementSha256 = Digest.Sha256(bytes),
            Pae = Dsse.Pae(Dsse.InTotoPayloadType, bytes),
        };
    }
}
