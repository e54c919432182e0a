using System.Net;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Signing;

/// <summary>What Vault does wrong, and that nothing of it reaches the log.</summary>
public sealed class SignedAppendTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task A_signature_that_does_not_verify_is_signer_invalid_and_nothing_is_stored()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Bend = results => results[0]!["signature"] = "vault:v1:" + Convert.ToBase64String(new byte[64]);
        await AssertRefusedAsync(ledger, ProblemTypes.SignerInvalid);
    }

    [PostgresFact]
    public async Task A_signature_over_another_message_is_signer_invalid_and_nothing_is_stored()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Bend = results =>
        {
            var (first, second) = (results[0]!["signature"]!.DeepClone(), results[1]!["signature"]!.DeepClone());
            (results[0]!["signature"], results[1]!["signature"]) = (second, first);
        };
        AppendBodyItem[] items = [new(LedgerUnderTest.Item("a"), null), new(LedgerUnderTest.Item("b"), null)];
        var problem = await LedgerUnderTest.ProblemOfAsync(() =>
            ledger.Api.Appender.AppendBatchAsync(Demo, items, null, CancellationToken.None));
        Assert.Equal(ProblemTypes.SignerInvalid, problem.Type);
        Assert.Equal(0, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task An_items_own_error_refuses_its_request_and_no_other_of_the_same_call()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        // Hold both pumps, so that what follows shares one call.
        var held = new HeldSigner(ledger.Vault);
        var x = ledger.Api.AppendAsync(Demo, "x");
        await held.NextCallAsync();
        var y = ledger.Api.AppendAsync(Demo, "y");
        await held.NextCallAsync();
        var rest = Enumerable.Range(0, 10).Select(i => ledger.Api.AppendAsync(Demo, $"s{i}")).ToList();
        ledger.Vault.Bend = results =>
        {
            if (results.Count > 1) results[^1] = new JsonObject { ["error"] = "cannot sign this" };
        };
        held.Release();
        await Task.WhenAll(x, y);
        var failed = 0;
        foreach (var append in rest)
        {
            try { await append; }
            catch (LedgerProblemException e) when (e.Problem.Type == ProblemTypes.SignerUnavailable) { failed++; }
        }

        Assert.InRange(ledger.Vault.SignCalls.Count, 4, 5);
        Assert.InRange(failed, 1, 2);
        Assert.Equal(13 - failed, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task What_arrives_during_a_call_shares_the_next_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var held = new HeldSigner(ledger.Vault);
        var x = ledger.Api.SignedAsync(Demo, "x");
        await held.NextCallAsync();
        var y = ledger.Api.SignedAsync(Demo, "y");
        await held.NextCallAsync();
        var rest = Enumerable.Range(0, 100).Select(i => ledger.Api.SignedAsync(Demo, $"s{i}")).ToList();
        held.Release();
        await Task.WhenAll([x, y, .. rest]);
        Assert.Equal(102, ledger.Vault.SignCalls.Sum());
        Assert.InRange(ledger.Vault.SignCalls.Count, 3, 4);
    }

    [PostgresFact]
    public async Task While_Vault_is_slow_only_so_many_messages_wait_and_those_whose_caller_left_are_not_signed()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var held = new HeldSigner(ledger.Vault);
        var x = ledger.Api.SignedAsync(Demo, "x");
        await held.NextCallAsync();
        var y = ledger.Api.SignedAsync(Demo, "y");
        await held.NextCallAsync();
        using var leaving = new CancellationTokenSource();
        byte[][] most = [.. Enumerable.Repeat("m"u8.ToArray(), EntrySigner.WaitingMessages)];
        var gone = ledger.Api.EntrySigner.SignAsync(most, leaving.Token);
        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "one too many"));
        Assert.Equal(ProblemTypes.Overloaded, problem.Type);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        held.Release();
        await Task.WhenAll(x, y);
        await ledger.Api.AppendAsync(Demo, "there is room again");
        Assert.Equal(3, ledger.Vault.SignCalls.Sum());
    }

    [PostgresFact]
    public async Task An_unknown_version_is_signer_invalid()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Bend = results =>
        {
            var signature = results[0]!["signature"]!.GetValue<string>();
            results[0]!["signature"] = signature.Replace("vault:v1:", "vault:v7:", StringComparison.Ordinal);
        };
        await AssertRefusedAsync(ledger, ProblemTypes.SignerInvalid);
    }

    [PostgresFact]
    public async Task An_unknown_version_is_the_fault_of_its_item_and_of_no_other_of_the_same_call()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Bend = results => results[0]!["signature"] =
            results[0]!["signature"]!.GetValue<string>().Replace("vault:v1:", "vault:v7:", StringComparison.Ordinal);

        var outcomes = await ledger.Api.Signer.SignAsync(FakeVault.EntryKey, KeyPurpose.Entry, null, [[1], [2]], CancellationToken.None);

        Assert.Equal(ProblemTypes.SignerInvalid, outcomes[0].Problem?.Type);
        Assert.Null(outcomes[0].Signature);
        Assert.Null(outcomes[1].Problem);
        Assert.True(outcomes[1].Key!.Verifies([2], outcomes[1].Signature));
    }

    [PostgresFact]
    public async Task Other_bytes_under_a_known_version_are_signer_key_changed_also_after_a_restart()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        ledger.Vault.Replace(FakeVault.EntryKey, 1, seed: 77);

        foreach (var process in new[] { ledger.Api, ledger.StartProcess() })
            Assert.Equal(ProblemTypes.SignerKeyChanged, (await LedgerUnderTest.ProblemOfAsync(() => process.AppendAsync(Demo))).Type);
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM signing_keys"));
    }

    [PostgresFact]
    public async Task A_key_read_that_lies_about_a_known_version_stops_a_new_process_although_signatures_are_right()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        var other = Convert.ToBase64String(Ed25519.PublicKeyOf(new byte[32]));
        ledger.Vault.Instead = (request, _) => Task.FromResult(request.Method != HttpMethod.Get ? null
            : FakeVault.Json("""{"data":{"keys":{"1":{"public_key":"KEY"}}}}""".Replace("KEY", other, StringComparison.Ordinal)));
        Assert.Equal(ProblemTypes.SignerKeyChanged, (await LedgerUnderTest.ProblemOfAsync(() => ledger.StartProcess().AppendAsync(Demo)))
            .Type);
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo)).Seq); // who knows the key goes on: its signatures verify
    }

    [PostgresFact]
    public async Task Entries_before_and_after_a_rotation_verify_also_when_Vault_forgot_the_old_version()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var before = await ledger.Api.AppendAsync(Demo);
        ledger.Vault.AddVersion(FakeVault.EntryKey);
        var after = await ledger.Api.AppendAsync(Demo);
        ledger.Vault.ForgetBelow(FakeVault.EntryKey, 2);
        await ledger.StartProcess().AppendAsync(Demo);

        Assert.NotEqual(before.KeyId, after.KeyId);
        Assert.Equal(3, await ledger.CheckLogAsync(Demo));
        Assert.Equal($"{before.KeyId} 0,{after.KeyId} 1",
            await ledger.ScalarAsync<string>(
                "SELECT string_agg(key_id || ' ' || from_position, ',' ORDER BY from_position) FROM key_ranges WHERE to_position IS NULL"));
        await using var transaction = await ledger.Api.Database.BeginAsServiceAsync(CancellationToken.None);
        Assert.Equal([1, 2], (await SigningKeyStore.ListAsync(transaction, null, CancellationToken.None)).Select(k => k.VaultVersion));
    }

    [PostgresFact]
    public async Task A_retired_keys_group_is_signed_again_with_the_rotated_key_under_the_same_Idempotency_Key()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await RetireAsync(ledger);
        var signs = 0;
        ledger.Vault.Instead = (request, _) =>
        {
            if (request.Method == HttpMethod.Post && ++signs == 2) ledger.Vault.AddVersion(FakeVault.EntryKey);
            return Task.FromResult<HttpResponseMessage?>(null);
        };
        var stored = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));

        Assert.Equal((2, 1), (signs, stored.Seq));
        Assert.Equal(stored.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_signer_that_was_not_rotated_is_signer_key_retired_and_the_Idempotency_Key_stays_free()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await RetireAsync(ledger);
        Assert.Equal(ProblemTypes.SignerKeyRetired,
            (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k")))).Type);
        Assert.Equal(0, (await ledger.Api.AppendAsync(LedgerUnderTest.Other)).Seq); // retired there, not here

        ledger.Vault.AddVersion(FakeVault.EntryKey);
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo, "t", LedgerUnderTest.Claim("k", "another"))).Seq);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_key_is_retired_once_and_only_where_it_is_open()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        Assert.True(await RetireAsync(ledger));
        Assert.False(await RetireAsync(ledger));
        await using var transaction = await ledger.Api.Database.BeginAsync(Demo, CancellationToken.None);
        Assert.Equal([new KeyRange(entry.KeyId, 0, 0)], await KeyRangeStore.ListAsync(transaction, Demo, 1, KeyPurpose.Entry,
            CancellationToken.None));
        Assert.Empty(await KeyRangeStore.ListAsync(transaction, Demo, 1, KeyPurpose.Checkpoint, CancellationToken.None));
    }

    [PostgresFact]
    public async Task Vault_without_the_key_is_signer_unavailable()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Instead = (request, _) =>
            Task.FromResult(request.Method != HttpMethod.Get ? null : FakeVault.Json("""{"errors":[]}""", HttpStatusCode.NotFound));
        await AssertRefusedAsync(ledger, ProblemTypes.SignerUnavailable);
    }

    [PostgresFact]
    public async Task After_an_outage_appends_go_on_by_themselves()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Always(HttpStatusCode.ServiceUnavailable, """{"errors":["Vault is sealed"]}""");
        await AssertRefusedAsync(ledger, ProblemTypes.SignerUnavailable);
        ledger.Vault.Instead = null;
        Assert.Equal(0, (await ledger.Api.AppendAsync(Demo)).Seq);
    }

    private static async Task AssertRefusedAsync(LedgerUnderTest ledger, ProblemType expected)
    {
        Assert.Equal(expected, (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo))).Type);
        Assert.Equal(0L,
            await ledger.ScalarAsync<long>(
                "SELECT next_seq + (SELECT count(*) FROM chain_entries) FROM chain_heads WHERE tenant_id = 'demo'"));
    }

    // As the owner: neither the API nor the workers may close a range.
    private static async Task<bool> RetireAsync(LedgerUnderTest ledger)
    {
        await using var database = new LedgerDatabase(ledger.Database.Owner, DatabaseRole.Owner, maxPoolSize: 1);
        await using var transaction = await database.BeginAsync(Demo, CancellationToken.None);
        var key = SshFingerprint.OfEd25519(Ed25519.PublicKeyOf(Enumerable.Repeat((byte)1, 32).ToArray()));
        var retired = await KeyRangeStore.RetireAsync(transaction, Demo, 1, KeyPurpose.Entry, key, 0, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return retired;
    }
}
