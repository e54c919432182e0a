using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class Rekor1Tests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private Rekor1 rekor = null!;

    public async Task InitializeAsync() => rekor = await Rekor1.StartAsync(folder);

    public async Task DisposeAsync() => await rekor.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_promise_is_the_logs_signature_over_the_canonical_entry()
    {
        var entry = await rekor.SubmitAsync("a");

        var signed = $"{{\"body\":\"{entry.Body}\",\"integratedTime\":{entry.IntegratedTime},"
            + $"\"logID\":\"{entry.LogId}\",\"logIndex\":{entry.LogIndex}}}";
        Assert.True(IsSigned(Encoding.UTF8.GetBytes(signed), Convert.FromBase64String(entry.Promise)));
        Assert.Equal(entry.LogId, Convert.ToHexStringLower(SHA256.HashData(Key().ExportSubjectPublicKeyInfo())));
        Assert.True(IsSigned(entry.Checkpoint));
        Assert.StartsWith($"rekor.localhost - {rekor.Emulator.TreeId}\n1\n", entry.Checkpoint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_keeps_key_tree_and_entries_and_drops_a_line_that_was_cut_short()
    {
        var first = await rekor.SubmitAsync("a");
        await rekor.SubmitAsync("b");
        var key = rekor.Emulator.PublicKey;
        await rekor.DisposeAsync();
        await File.AppendAllTextAsync(Directory.GetFiles(folder["rekor"], "tree-*.jsonl").Single(), "{\"body\":\"eyJh");

        rekor = await Rekor1.StartAsync(folder);
        var again = await rekor.AtAsync(0);

        Assert.Equal(key, rekor.Emulator.PublicKey);
        Assert.Equal((first.Id, first.IntegratedTime, 2), (again.Id, again.IntegratedTime, again.Size));
        Assert.Equal(2, (await rekor.SubmitAsync("c")).LogIndex);
        using var duplicate = await rekor.PostAsync(Encoding.UTF8.GetString(Convert.FromBase64String(again.Body)));
        Assert.Equal(HttpStatusCode.Conflict, duplicate.StatusCode);
    }

    [Fact]
    public async Task A_new_shard_goes_on_with_the_global_index_and_begins_its_own_tree()
    {
        await rekor.SubmitAsync("a");
        await rekor.SubmitAsync("b");
        var before = rekor.Emulator.TreeId;
        rekor.Emulator.AddShard();

        var entry = await rekor.SubmitAsync("c");

        Assert.Equal((2, 0, 1), (entry.LogIndex, entry.Proof.GetProperty("logIndex").GetInt64(), entry.Size));
        Assert.Equal(2, (await rekor.AtAsync(1)).Size);
        var info = await rekor.GetAsync("/api/v1/log");
        Assert.Equal((1, rekor.Emulator.TreeId), (info.GetProperty("treeSize").GetInt64(), info.GetProperty("treeID").GetString()));
        var inactive = info.GetProperty("inactiveShards")[0];
        Assert.Equal((2, before), (inactive.GetProperty("treeSize").GetInt64(), inactive.GetProperty("treeID").GetString()));
        var proof = await rekor.GetAsync($"/api/v1/log/proof?firstSize=1&lastSize=2&treeID={before}");
        Assert.Single(proof.GetProperty("hashes").EnumerateArray());

        await rekor.DisposeAsync();
        rekor = await Rekor1.StartAsync(folder);
        Assert.Equal(entry.Id, (await rekor.AtAsync(2)).Id);
    }

    [Theory]
    [InlineData(FaultMode.WrongProof)]
    [InlineData(FaultMode.WrongRoot)]
    [InlineData(FaultMode.ForkedTree)]
    public async Task A_lie_about_the_tree_changes_one_thing_and_is_signed(FaultMode lie)
    {
        await rekor.SubmitAsync("a");
        await rekor.SubmitAsync("b");
        await rekor.SubmitAsync("c");
        var truth = await rekor.AtAsync(2);
        rekor.Faults.Set(lie, count: 1);

        var told = await rekor.AtAsync(2);

        Assert.Equal((truth.Id, truth.Body, truth.Size), (told.Id, told.Body, told.Size));
        Assert.Equal(lie != FaultMode.WrongProof, truth.Root != told.Root);
        Assert.Equal(lie != FaultMode.WrongRoot, !truth.Hashes.SequenceEqual(told.Hashes));
        Assert.True(IsSigned(told.Checkpoint));
        Assert.Equal(truth.Root, (await rekor.AtAsync(2)).Root);
    }

    [Fact]
    public async Task A_wrong_signature_and_a_wrong_key_are_not_the_logs()
    {
        await rekor.SubmitAsync("a");
        var truth = await rekor.AtAsync(0);

        rekor.Faults.Set(FaultMode.WrongSignature);
        var broken = await rekor.AtAsync(0);
        Assert.Equal(truth.LogId, broken.LogId);
        Assert.False(IsSigned(broken.Checkpoint));

        rekor.Faults.Clear();
        rekor.Faults.Set(FaultMode.WrongKey);
        var swapped = await rekor.AtAsync(0);
        Assert.NotEqual(truth.LogId, swapped.LogId);
        Assert.False(IsSigned(swapped.Checkpoint));
        Assert.NotEqual(rekor.Emulator.PublicKey, await rekor.Http.GetStringAsync("/api/v1/log/publicKey"));
    }

    [Fact]
    public async Task Somebody_elses_entry_is_true_but_not_the_one_submitted()
    {
        var mine = await rekor.SubmitAsync("a");
        rekor.Faults.Set(FaultMode.OtherEntry);

        var created = await rekor.SubmitAsync("b");
        var read = await rekor.AtAsync(0);

        Assert.Equal(created.Id, read.Id);
        Assert.NotEqual(mine.Id, read.Id);
        Assert.True(IsSigned(read.Checkpoint));
        rekor.Faults.Clear();
        Assert.Equal(3, rekor.Emulator.Size); // mine, the one that was hidden, the stranger's
    }

    [Fact]
    public async Task A_shrunken_tree_has_never_heard_of_its_last_entry()
    {
        await rekor.SubmitAsync("a");
        await rekor.SubmitAsync("b");
        rekor.Faults.Set(FaultMode.ShrunkTree);

        using var last = await rekor.Http.GetAsync(Rekor1.Entries + "?logIndex=1");

        Assert.Equal(HttpStatusCode.NotFound, last.StatusCode);
        Assert.Equal(1, (await rekor.AtAsync(0)).Size);
        Assert.Equal(1, (await rekor.GetAsync("/api/v1/log")).GetProperty("treeSize").GetInt64());
    }

    [Fact]
    public async Task A_skewed_clock_stamps_what_is_written_while_it_is_wrong()
    {
        var right = await rekor.SubmitAsync("a");
        rekor.Faults.Set(new Fault(FaultMode.ClockSkew) { Skew = TimeSpan.FromHours(-2), Count = 1 });

        var wrong = await rekor.SubmitAsync("b");

        Assert.InRange(wrong.IntegratedTime - right.IntegratedTime, -7200, -7200 + 600);
        Assert.Equal(wrong.IntegratedTime, (await rekor.AtAsync(1)).IntegratedTime);
    }

    private ECDsa Key()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(rekor.Emulator.PublicKey);
        return key;
    }

    private bool IsSigned(byte[] message, byte[] signature) =>
        Key().VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private bool IsSigned(string note)
    {
        var parts = note.Split("\n\n");
        return IsSigned(Encoding.UTF8.GetBytes(parts[0] + "\n"), Convert.FromBase64String(parts[1].Trim().Split(' ')[2])[4..]);
    }
}
