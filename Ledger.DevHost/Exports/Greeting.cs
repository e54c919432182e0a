using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Exports;

/// <summary>What a person sees when everything is healthy: what runs where, and lines to paste.</summary>
internal static class Greeting
{
    private const string SampleAppend =
        """-H 'Content-Type: application/json' -d '{"subject":"user-action","payload":"SGVsbG8gV29ybGQ=","meta":{"user_id":"12345"}}'""";

    public static void Write(TextWriter output, Stack stack, StateFolder state)
    {
        output.WriteLine();
        foreach (var (name, where) in stack.Running)
            output.WriteLine($"  {name,-18} {where}");
        output.WriteLine($"  {"state",-18} {state.Path}");
        output.WriteLine($"  {"logs",-18} {state["logs"]}");
        output.WriteLine();
        output.WriteLine(stack.Api is null ? $"  . '{state.Env}'" : Lines(state));
        output.WriteLine();
        output.WriteLine("Healthy. Ctrl-C stops it.");
        output.Flush();
    }

    private static string Lines(StateFolder state) => $$$"""
        In another shell, append and check the receipt; five seconds later, when it is anchored, the proof:

          . '{{{state.Env}}}'
          curl -s -X POST $LEDGER_API/append -H "Authorization: Bearer $LEDGER_TOKEN" {{{SampleAppend}}} -o R.json && cat R.json; echo
          dotnet '{{{BuiltProgram.Verify}}}' receipt R.json --trust $LEDGER_TRUST

          id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' R.json); printf 'Hello World' > hello.txt
          sleep 5; curl -sf $LEDGER_API/entries/$id/bundle -H "Authorization: Bearer $LEDGER_TOKEN" -o b.json
          dotnet '{{{BuiltProgram.Verify}}}' b.json --artifact hello.txt --trust $LEDGER_TRUST
        """;
}
