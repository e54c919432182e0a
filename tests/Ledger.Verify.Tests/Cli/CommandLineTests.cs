using System.Diagnostics;
using System.Text;
using Ledger.Verify.Cli;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>The program as a user meets it: arguments in; exit code, lines and files out.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly VirtualLedger Ledger = VirtualLedger.With(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-verify-").FullName;
    private readonly string _bundle, _trust, _artifact, _receipt;

    public CommandLineTests()
    {
        _bundle = Put("b.json", Ledger.BundleOf(0).ToBytes());
        _trust = Put("trust.json", Ledger.Trust().ToBytes());
        _artifact = Put("hello.txt", Encoding.UTF8.GetBytes(VirtualLedger.Payload));
        _receipt = Put("R.json", Ledger.ReceiptOf(0).ToBytes());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sound_bundle_is_allowed_unanchored_and_that_is_said_loudly()
    {
        var (code, output, error) = Run(_bundle, "--artifact", _artifact, "--trust", _trust, "--allow-unanchored");
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Equal(
            """
            payload-digest pass
            statement-signature pass
            leaf pass
            inclusion pass
            checkpoint-signature pass
            meta pass
            anchor-signature absent
            log-inclusion absent
            log-checkpoint-signature absent
            set absent
            timestamp absent
            payload-anchor absent
            verdict verified-not-anchored

            """.ReplaceLineEndings("\n"),
            output);
        Assert.StartsWith("NOT ANCHORED", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_option_an_unanchored_bundle_is_not_enough()
    {
        var (code, output, error) = Run(_bundle, "--trust", _trust);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.StartsWith("NOT ANCHORED", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_of_the_trust_file_counts()
    {
        var lax = Put("lax.json", (Ledger.Trust() with { Policy = TrustPolicy.Default.WithoutAnchorsUnsafe() }).ToBytes());
        Assert.Equal(ExitCodes.Satisfied, Run(_bundle, "--trust", lax).Code);
    }

    [Fact]
    public void A_failed_check_is_named_with_its_code()
    {
        var other = Put("other.txt", "hello world"u8.ToArray());
        var (code, output, _) = Run(_bundle, "--trust", _trust, "--artifact", other, "--allow-unanchored");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.StartsWith("payload-digest fail artifact-mismatch\nstatement-signature pass\n", output, StringComparison.Ordinal);
        Assert.EndsWith("verdict failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_the_same_in_one_object()
    {
        var (code, output, _) = Run(_bundle, "--trust", _trust, "--json", "--allow-unanchored");
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.StartsWith("""{"checks":[{"check":"payload-digest","outcome":"absent"},{"check":"statement-signature","outcome":"pass"}""",
            output, StringComparison.Ordinal);
        Assert.EndsWith("\"verdict\":\"verified-not-anchored\"}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("{bundle}")]
    [InlineData("{bundle}", "--trust")]
    [InlineData("{bundle}", "--trust", "--allow-unanchored")]
    [InlineData("{bundle}", "--artifact", "--trust", "{trust}")]
    [InlineData("inspect", "{bundle}", "--out", "--trust", "{trust}")]
    [InlineData("{bundle}", "--trust", "{trust}", "--nonsense")]
    [InlineData("{bundle}", "{bundle}", "--trust", "{trust}")]
    [InlineData("receipt")]
    [InlineData("fsck", "{folder}")]
    [InlineData("fsck", "{folder}", "--trust", "{trust}", "--self")]
    [InlineData("fsck", "http://127.0.0.1:1/log/demo", "--self")]
    [InlineData("fsck", "{folder}", "--self", "--tiles")]
    [InlineData("inspect")]
    public void Wrong_usage_is_exit_2_and_says_why(params string[] args)
    {
        var (code, output, error) = Run(
            [.. args.Select(arg => arg.Replace("{bundle}", _bundle).Replace("{trust}", _trust).Replace("{folder}", _folder))]);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_file_whose_name_begins_with_an_at_sign_is_no_list_of_arguments()
    {
        var path = Put("arguments", "--help"u8.ToArray());
        Assert.Equal(ExitCodes.Usage, Run("@" + path).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void A_malformed_bundle_is_exit_3_and_one_line(string content)
    {
        var (code, output, error) = Run(Put("bad.json", Encoding.UTF8.GetBytes(content)), "--trust", _trust);
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.Empty(output);
        Assert.EndsWith("not a bundle: bundle-malformed\n", error, StringComparison.Ordinal);
        Assert.Single(error, c => c == '\n');
    }

    [Fact]
    public void Any_file_that_cannot_be_read_is_exit_3_and_named()
    {
        var missing = Path.Combine(_folder, "missing");
        foreach (var args in (string[][])
                 [
                     [missing, "--trust", _trust], [_bundle, "--trust", missing], [_bundle, "--trust", _trust, "--artifact", missing],
                     [_bundle, "--trust", _folder], ["receipt", missing], ["receipt", _receipt, "--trust", missing],
                     ["fsck", missing, "--self"], ["fsck", _folder, "--trust", missing], ["inspect", missing],
                 ])
        {
            var (code, output, error) = Run(args);
            Assert.Equal(ExitCodes.Unreadable, code);
            Assert.Empty(output);
            Assert.Contains(args.Contains(missing) ? missing : _folder, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_malformed_trust_file_is_exit_3_with_its_code()
    {
        var (code, _, error) = Run(_bundle, "--trust", Put("bad.json", "{\"version\":2}"u8.ToArray()));
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.EndsWith("not a trust file: trust-version-unknown\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_exit_0_and_names_the_commands_and_the_exit_codes()
    {
        var (code, output, _) = Run("--help");
        Assert.Equal(ExitCodes.Satisfied, code);
        foreach (var word in (string[])["receipt", "fsck", "anchors", "inspect", "--trust", "--artifact", "--allow-unanchored",
            "Exit codes: 0"])
            Assert.Contains(word, output, StringComparison.Ordinal);
        foreach (var command in (string[])["receipt", "fsck", "anchors", "inspect"])
            Assert.Equal(ExitCodes.Satisfied, Run(command, "--help").Code);
    }

    [Fact]
    public void A_receipt_is_accepted_by_the_trust_file_and_its_position_is_unsigned()
    {
        var (code, output, _) = Run("receipt", _receipt, "--trust", _trust, "--artifact", _artifact);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Equal(
            "payload-digest pass\nreceipt-fields pass\nstatement-signature pass\nentry-key pass\nposition: unsigned\nverdict verified\n",
            output);
    }

    [Fact]
    public void A_receipt_without_a_trust_file_is_self_consistent_only()
    {
        var (code, output, _) = Run("receipt", _receipt);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.EndsWith("entry-key absent\nposition: unsigned\nverdict self-consistent only\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_receipt_of_another_ledger_is_refused()
    {
        var (code, output, _) = Run("receipt", _receipt, "--trust", Put("t2.json", VirtualLedger.With(1, "other").Trust().ToBytes()));
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.EndsWith("entry-key fail origin-unknown\nposition: unsigned\nverdict failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_receipt_is_exit_3()
    {
        var (code, _, error) = Run("receipt", _bundle, "--trust", _trust);
        Assert.Equal(ExitCodes.Unreadable, code);
        Assert.EndsWith("not a receipt: receipt-malformed\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fsck_of_an_export_names_log_checks_and_verdict()
    {
        var export = PutExport(Ledger.Export());
        var (code, output, error) = Run("fsck", export, "--trust", _trust);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.StartsWith("log ledger.localhost/log/demo size 5\ncheckpoint-signature pass\nentries pass\n", output,
            StringComparison.Ordinal);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.StartsWith("NOT ANCHORED", error, StringComparison.Ordinal);
        Assert.EndsWith("verdict self-consistent only\n", Run("fsck", export, "--self").Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Satisfied, Run("fsck", export, "--trust", _trust, "--tiles").Code);
    }

    [Fact]
    public void Fsck_names_the_file_that_does_not_fit()
    {
        var export = PutExport(Ledger.Export());
        File.Delete(Path.Combine(export, "tile", "0", "000.p", "5"));
        var (code, output, _) = Run("fsck", export, "--trust", _trust);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("tiles fail file-missing\n  file-missing tile/0/000.p/5\n", output, StringComparison.Ordinal);
        Assert.EndsWith("verdict failed\n", output, StringComparison.Ordinal);
        Assert.Contains("""{"check":"tiles","code":"file-missing","where":"tile/0/000.p/5"}""",
            Run("fsck", export, "--trust", _trust, "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fsck_judges_later_epochs_as_logs_of_their_own()
    {
        var second = new VirtualLedger(epoch: 2);
        second.Append(
            second.StatementOf("epoch", "", null, out _, PredicateTypes.Epoch) with { PreviousCheckpoint = Ledger.CheckpointAt(5) });
        var files = Ledger.Export();
        foreach (var (path, content) in second.Export()) files["2/" + path] = content;
        var both = Put("both.json", new TrustFile([Ledger.TrustedLog(), second.TrustedLog()], TrustPolicy.Default).ToBytes());
        var sound = Run("fsck", PutExport(files), "--trust", both);
        Assert.Equal(ExitCodes.Satisfied, sound.Code);
        Assert.Contains("log ledger.localhost/log/demo/2 size 1\n", sound.Output, StringComparison.Ordinal);
        files["2/checkpoint"][5] ^= 1;
        Assert.Equal(ExitCodes.NotSatisfied, Run("fsck", PutExport(files), "--trust", both).Code);
    }

    [Fact]
    public async Task Fsck_of_an_address_reads_public_tiles_and_says_that_it_uses_the_network()
    {
        await using var site = new TileSite(Ledger.Export());
        var (code, output, error) = await Task.Run(() => Run("fsck", site.Address + "log/demo", "--trust", _trust));
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.Contains("statement-signature absent\n", output, StringComparison.Ordinal);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.Equal($"network: reading {site.Address}log/demo\n{Terminal.AnchorsNotChecked}\n", error);

        var broken = await Task.Run(() => Run("fsck", site.Address + "down", "--trust", _trust));
        Assert.Equal(ExitCodes.Unreadable, broken.Code);
        Assert.Contains("503", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_without_a_trust_file_shows_the_bundle_and_believes_nothing()
    {
        var (code, output, _) = Run("inspect", _bundle);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.StartsWith("subject: user-action-0\npayload_hash: a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e\n",
            output, StringComparison.Ordinal);
        Assert.EndsWith("verdict self-consistent only\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_never_lets_a_control_character_reach_the_terminal()
    {
        var ledger = new VirtualLedger();
        ledger.Append("red \u001b[31m", "p");
        var (_, output, _) = Run("inspect", Put("b2.json", ledger.BundleOf(0).ToBytes()));
        Assert.DoesNotContain('\u001b', output);
    }

    [OpenSslFact]
    public void What_inspect_writes_verifies_with_plain_openssl()
    {
        var parts = Path.Combine(_folder, "parts");
        var (code, output, _) = Run("inspect", _bundle, "--trust", _trust, "--out", parts);
        Assert.Equal(ExitCodes.Satisfied, code);
        Assert.EndsWith("verdict verified-not-anchored\n", output, StringComparison.Ordinal);
        Assert.Equal("Signature Verified Successfully", OpenSsl(parts));

        File.AppendAllText(Path.Combine(parts, "pae.bin"), "!");
        Assert.NotEqual("Signature Verified Successfully", OpenSsl(parts));
    }

    private static string OpenSsl(string folder)
    {
        var start = new ProcessStartInfo("openssl", "pkeyutl -verify -rawin -pubin -inkey pub.pem -in pae.bin -sigfile sig.bin")
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return said;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Put(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string PutExport(IReadOnlyDictionary<string, byte[]> files)
    {
        var root = Directory.CreateTempSubdirectory("ledger-export-").FullName;
        var inside = Path.Combine(_folder, Path.GetFileName(root));
        Directory.Move(root, inside);
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(inside, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }

        return inside;
    }
}

/// <summary>Skipped, with a reason, where there is no openssl 3 on the PATH.</summary>
public sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", "version") { RedirectStandardOutput = true })!;
            var version = process.StandardOutput.ReadToEnd();
            if (!version.StartsWith("OpenSSL 3", StringComparison.Ordinal)) Skip = $"needs OpenSSL 3, found {version.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip = "no openssl on the PATH";
        }
    }
}
