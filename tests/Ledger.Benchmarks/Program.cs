using System.CommandLine;
using System.Globalization;
using Ledger.Benchmarks.Append;
using Ledger.Benchmarks.Proofs;
using Ledger.Benchmarks.Verification;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var seconds = new Option<int>("--seconds")
{
    Description = "length of each measured run, after a third of it to warm up",
    DefaultValueFactory = _ => 6
};
var sizes = new Option<long[]>("--sizes")
{
    Description = "log sizes to bulk-load and measure",
    DefaultValueFactory = _ => [10_000, 1_000_000],
    AllowMultipleArgumentsPerToken = true
};

var append = new Command("append", "the ledger against the ancestor's way, and its batch endpoint against the raw machine") { seconds };
append.SetAction((parsed, _) => AppendBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), Console.Out));

var proof = new Command("proof", "append, proof and API memory at several log sizes") { seconds, sizes };
proof.SetAction(
    (parsed, _) => ProofBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(sizes)!, Console.Out));

var verifier = new Option<string?>("--ledger-verify") { Description = "the native ledger-verify, for its cold start; else the built one" };
var runs = new Option<int>("--runs") { Description = "cold processes of each", DefaultValueFactory = _ => 20 };
var verify = new Command("verify", "bundles and anchors against the machine's raw signature rates, and against cosign's whole process")
    { seconds, verifier, runs };
verify.SetAction(async (parsed, _) =>
{
    var length = TimeSpan.FromSeconds(parsed.GetValue(seconds));
    await VerifyBenchmark.RunAsync(length, Console.Out);
    Console.WriteLine();
    await AnchorBenchmark.RunAsync(length, parsed.GetValue(verifier), parsed.GetValue(runs), Console.Out);
});

var port = new Option<int>("--port");
var vault = new Option<string>("--vault") { Required = true };
var key = new Option<string>("--key") { Required = true };
var ancestor = new Command("ancestor", "the baseline's server; started by append") { port, vault, key };
ancestor.Hidden = true;
ancestor.SetAction((parsed, _) => Ancestor.RunAsync(parsed.GetValue(port), Environment.GetEnvironmentVariable("ANCESTOR_DATABASE")!,
    new Uri(parsed.GetValue(vault)!), Environment.GetEnvironmentVariable("ANCESTOR_VAULT_TOKEN")!, parsed.GetValue(key)!));

return await new RootCommand("Ledger's benchmarks: ratios from one run on one machine, durability on. Build with -c Release.")
    { append, proof, verify, ancestor }
    .Parse(args).InvokeAsync();
