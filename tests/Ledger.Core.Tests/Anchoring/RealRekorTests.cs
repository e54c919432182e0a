using Ledger.Core.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Testing.Rekor;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The v1 client against a real Rekor.</summary>
public sealed class RealRekorTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly AnchorKey key = new();

    public void Dispose() => key.Dispose();

    [RealRekorFact]
    public async Task A_hashedrekord_is_logged_once_and_found_again()
    {
        var log = await OpenAsync();
        var submission = key.Sign($"body {Guid.NewGuid()}");
        var first = await log.SubmitAsync(submission, Never);
        var again = await log.SubmitAsync(submission, Never);
        Assert.Equal((false, true, first.EntryId), (first.WasThere, again.WasThere, again.EntryId));
        Assert.Equal(first.Entry.CanonicalizedBody, again.Entry.CanonicalizedBody);
        Assert.Equal(80, first.EntryId.Length);

        Assert.Equal([first.EntryId], await log.SearchAsync(submission.Digest, Never));
        Assert.Equal(first.Entry.LogIndex, (await log.FindAsync(first.EntryId, Never))!.Entry.LogIndex);
        Assert.Equal(first.EntryId, (await log.FindAsync(first.EntryId[16..].ToUpperInvariant(), Never))!.EntryId);
        Assert.Equal(first.EntryId, (await log.AtAsync(first.Entry.LogIndex, Never))!.EntryId);
        Assert.Null(await log.FindAsync(new string('0', 63) + "1", Never));
        Assert.Null(await log.AtAsync(1_000_000, Never));
        Assert.True(await log.AnswersAsync(Never));
    }

    [RealRekorFact]
    public async Task A_dsse_is_logged_once_with_the_envelope_s_very_bytes()
    {
        var log = await OpenAsync();
        var submission = key.Envelope($$"""{"statement":"{{Guid.NewGuid()}} é \"</>"}""");
        var first = await log.SubmitAsync(submission, Never);
        var again = await log.SubmitAsync(submission, Never);
        Assert.Equal(("dsse", "0.0.1", false, true), (first.Entry.Kind, first.Entry.Version, first.WasThere, again.WasThere));
        Assert.Equal(first.EntryId, again.EntryId);
        Assert.Equal([first.EntryId], await log.SearchAsync(Digest.Sha256(submission.Envelope), Never));
    }

    [RealRekorFact]
    public async Task Entries_are_fetched_in_batches()
    {
        var log = await OpenAsync();
        var ids = new List<string>();
        for (var i = 0; i < 12; i++) ids.Add((await log.SubmitAsync(key.Sign($"{i} {Guid.NewGuid()}"), Never)).EntryId);
        var found = await log.RetrieveAsync([.. ids, ids[0][..16] + new string('0', 64)], Never);
        Assert.Equal(ids.Order(), found.Select(e => e.EntryId).Order());
    }

    [RealRekorFact]
    public async Task Every_two_heads_are_of_one_history()
    {
        var log = await OpenAsync();
        var heads = new List<Ledger.Verify.Anchoring.LogCheckpoint>();
        for (var i = 0; i < 4; i++)
        {
            await log.SubmitAsync(key.Sign($"{i} {Guid.NewGuid()}"), Never);
            heads.Add(await log.LatestAsync(Never));
        }
        Assert.True(heads[^1].Size >= heads[0].Size + 3);
        foreach (var (from, to) in from a in heads from b in heads where a.Size <= b.Size select (a, b))
            await log.ConsistencyAsync(from, to, Never);
        var forged = heads[0] with { Root = Digest.Sha256([1]) };
        var refused = await Assert.ThrowsAsync<LogException>(() => log.ConsistencyAsync(forged, heads[^1], Never));
        Assert.Equal((LogFailureClass.Log, FailureCode.ConsistencyFromRootMismatch), (refused.Class, refused.Code));
    }

    [RealRekorFact]
    public async Task What_the_log_refuses_is_the_log_s_failure_with_its_reason()
    {
        var log = await OpenAsync();
        var wrong = key.Sign("one") with { Digest = Digest.Sha256([2]) };
        var refused = await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(wrong, Never));
        Assert.Equal(LogFailureClass.Log, refused.Class);
        Assert.Contains("status 400", refused.Message, StringComparison.Ordinal);
        Assert.Contains("invalid signature", refused.Message, StringComparison.Ordinal);
    }

    [RealRekorFact]
    public async Task A_log_of_another_key_is_refused()
    {
        var rekor = await RealRekor.SharedV1Async();
        using var other = new AnchorKey();
        var log = Client.V1(rekor.Url, Ledger.Verify.Signing.Spki.ToPem(other.Spki), rekor.Origin);
        var refused = await Assert.ThrowsAsync<LogException>(() => log.LatestAsync(Never));
        Assert.Equal((LogFailureClass.Log, FailureCode.NoteKeyUnknown), (refused.Class, refused.Code));
        Assert.Equal(FailureCode.LogUnknown,
            (await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(key.Sign($"{Guid.NewGuid()}"), Never))).Code);
    }

    [RealRekorFact(cli: true)]
    public async Task Rekor_cli_finds_and_verifies_what_was_logged()
    {
        var rekor = await RealRekor.SharedV1Async();
        var submission = key.Sign($"for rekor-cli {Guid.NewGuid()}");
        var logged = await (await OpenAsync()).SubmitAsync(submission, Never);
        using var folder = new Ledger.Testing.TempFolder();
        await File.WriteAllTextAsync(folder["anchor.pub"], Ledger.Verify.Signing.Spki.ToPem(submission.Spki));
        await File.WriteAllBytesAsync(folder["sig"], submission.Signature);

        var server = new[] { "--rekor_server", rekor.Url.ToString(), "--store_tree_state=false" };
        var found = await RunAsync(0, ["search", "--sha", submission.Digest.ToHex(), .. server]);
        Assert.Contains(logged.EntryId, found, StringComparison.Ordinal);
        string[] verify = ["verify", "--type", "hashedrekord", "--pki-format", "x509", "--public-key", folder["anchor.pub"],
            "--signature", folder["sig"], "--artifact-hash"];
        await RunAsync(0, [.. verify, submission.Digest.ToHex(), .. server]);
        await RunAsync(1, [.. verify, Digest.Sha256([3]).ToHex(), .. server]);
    }

    private static async Task<string> RunAsync(int exitCode, string[] arguments)
    {
        await using var cli = await ProcessUnderTest.StartAsync(RekorPrograms.Cli!, null, arguments);
        var code = await cli.Exited;
        Assert.True(code == exitCode, $"rekor-cli {arguments[0]}: {code}\n{cli.Output}");
        return cli.Output;
    }

    private static async Task<RekorV1Client> OpenAsync()
    {
        var rekor = await RealRekor.SharedV1Async();
        return Client.V1(rekor.Url, rekor.PublicKey, rekor.Origin);
    }
}
