using System.Globalization;
using System.Reflection;
using System.Text;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Tests.Documents;

namespace Ledger.Core.Tests.Documents;

/// <summary>The examples of docs/formats.md that only the server's code can make. The others are tested beside the verifier.</summary>
public sealed class FormatsDocumentTests
{
    [Fact]
    public void Every_example_of_the_server_is_what_the_code_computes()
    {
        var page = RepositoryPath.Of("docs", "formats.md");
        Assert.Empty(MarkdownExamples.Differences(page, File.ReadAllText(page), Compute(),
            name => name.StartsWith("core-", StringComparison.Ordinal)));
    }

    private static Dictionary<string, string> Compute()
    {
        var tenant = TenantId.Parse("demo");
        var body = """{"subject":"user-action","payload":"SGVsbG8gV29ybGQ="}"""u8.ToArray();
        return new Dictionary<string, string>
        {
            ["core-append-limits"] = string.Concat(typeof(AppendLimits).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name} {field.GetValue(null)}\n"))),
            ["core-idempotency-fingerprint"] = Convert.ToHexStringLower(
                new IdempotencyClaim("user", "/append", "key", body).Fingerprint(Repeated(0xA0))),
            ["core-cursor"] = EntryCursor.Write(Repeated(4), tenant, new EntryFilter(), 1, 2),
            ["core-audit-event"] = Encoding.UTF8.GetString(
                new AuditEvent("3f0c7a52-9d1e-4b8e-8a2c-5f1d2e3c4b5a", "entry.meta.erase", "019bfeb5-d153-7000-8000-000000000000")
                    .ToBytes(tenant, new DateTimeOffset(2026, 1, 27, 10, 0, 0, TimeSpan.Zero))),
            ["core-mark"] = Encoding.UTF8.GetString(MarkText.Format(Mark(tenant))),
        };
    }

    // The mark of the note that the page shows.
    private static HighWaterMark Mark(TenantId tenant)
    {
        var text = MarkdownExamples.Read(File.ReadAllText(RepositoryPath.Of("docs", "formats.md")))["note"];
        Assert.True(Note.TryParse(text, out var note, out _));
        Assert.True(Checkpoint.ParseUnverified(note, out var checkpoint, out _));
        return new HighWaterMark(tenant, 1, checkpoint.Size, checkpoint.Root, text);
    }

    private static byte[] Repeated(byte value) => [.. Enumerable.Repeat(value, 32)];
}
