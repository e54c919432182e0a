using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Attestations;

/// <summary>The attestations of one process, and a third party whose key is registered.</summary>
internal sealed class AttestorProcess
{
    private static readonly byte[] Seed = new byte[32];

    /// <param name="logs">The transparency logs that it is configured for.</param>
    public AttestorProcess(LedgerUnderTest ledger, LedgerProcess process, params ScriptedLog[] logs)
    {
        Keys = new AttestationKeyStore(process.Database, process.Audit, ledger.Time);
        Attestations = new AttestationReader(process.Database);
        var queue = new JobQueue(process.Database, new IdSource(), new JobBackoff(new RandomSource()), ledger.Time);
        Writer = new AttestationWriter(process.Preparation, process.Appender, Attestations, Keys,
            new TransparencyLogs(logs, new TrustedRoot([], [])), queue);
    }

    public AttestationKeyStore Keys { get; }

    public AttestationReader Attestations { get; }

    public AttestationWriter Writer { get; }

    public AttestationKey Key { get; } =
        AttestationKey.Read("ci", Spki.ToPem(Spki.OfEd25519(Ed25519.PublicKeyOf(Seed))), DateTimeOffset.UnixEpoch);

    public static byte[] Envelope(string about = "app")
    {
        var subject = Digest.Sha256(Encoding.UTF8.GetBytes(about));
        var statement = Encoding.UTF8.GetBytes($$$"""
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"{{{subject}}}"}}],"predicateType":"t"}
            """);
        var signature = Ed25519.Sign(Seed, Dsse.Pae(Dsse.InTotoPayloadType, statement));
        return Encoding.UTF8.GetBytes($$"""
            {"payloadType":"{{Dsse.InTotoPayloadType}}","payload":"{{Convert.ToBase64String(statement)}}",
             "signatures":[{"sig":"{{Convert.ToBase64String(signature)}}"}]}
            """);
    }

    public Task RegisterAsync() => Keys.AddAsync(LedgerUnderTest.Demo, Key, "alice", CancellationToken.None);

    public Task<(StoredAttestation Attestation, bool IsNew)> AddAsync(string about = "app") =>
        Writer.AddAsync(LedgerUnderTest.Demo, Envelope(about), CancellationToken.None);
}
