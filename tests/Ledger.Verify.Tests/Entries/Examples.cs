using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Entries;

/// <summary>One valid entry of each kind, signed with RFC 8032's first test key.</summary>
internal static class Examples
{
    public static readonly byte[] Seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    public static readonly byte[] PublicKey = Ed25519.PublicKeyOf(Seed);
    public static readonly string KeyId = SshFingerprint.OfEd25519(PublicKey);

    public static readonly Statement Statement = new(
        "user-action",
        Digest.Sha256("Hello World"u8),
        PredicateTypes.Entry,
        "demo",
        "019bfe8e-7d2c-7a10-8f3e-0123456789ab",
        "2026-01-27T09:08:07.123456Z",
        MetaCommitment.Of("""{"user_id":"12345"}"""u8, new byte[32]));

    public static readonly Statement EpochStatement = Statement with
    {
        PredicateType = PredicateTypes.Epoch,
        PreviousCheckpoint =
            "ledger.localhost/log/demo\n2\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n\n— ledger.localhost/log/demo AAAAAAA=\n",
    };

    public static readonly Leaf Leaf = new(
        "ledger.localhost/log/demo",
        7,
        Digest.Sha256("the leaf before"u8),
        Digest.Sha256(Statement.ToBytes()),
        KeyId,
        Ed25519.Sign(Seed, Dsse.Pae(Dsse.InTotoPayloadType, Statement.ToBytes())));

    public static readonly Receipt Receipt = Receipt.Of(Statement, null, Leaf, null, PublicKey);
}
