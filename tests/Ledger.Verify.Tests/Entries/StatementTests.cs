using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Entries;

public class StatementTests
{
    [Fact]
    public void Its_bytes_are_the_documented_example()
    {
        const string Expected =
            """
            {"_type":"https://in-toto.io/Statement/v1","predicate":{"created_at":"2026-01-27T09:08:07.123456Z","id":"019bfe8e-7d2c-7a10-8f3e-0123456789ab","meta_commitment":"META","tenant":"demo"},"predicateType":"urn:ledger:predicate:entry:v1","subject":[{"digest":{"sha256":"a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e"},"name":"user-action"}]}
            """;
        Assert.Equal(Expected.Replace("META", Examples.Statement.MetaCommitment.ToHex(), StringComparison.Ordinal),
            Encoding.UTF8.GetString(Examples.Statement.ToBytes()));
    }

    public static TheoryData<string> Names => ["entry", "epoch", "attestation", "escapes", "longest"];

    internal static Statement Named(string name) => name switch
    {
        "epoch" => Examples.EpochStatement,
        "attestation" => Examples.Statement with { PredicateType = PredicateTypes.Attestation, Subject = $"sha256:{Digest.Zero}" },
        "escapes" => Examples.Statement with { Subject = "\"\\/\b\f\n\r\t\u0001\u001f\u007f\u0080é€\u2028😂</script>" },
        "longest" => Examples.Statement with { Subject = string.Concat(Enumerable.Repeat("😂", 256)), Tenant = new string('a', 63) },
        _ => Examples.Statement,
    };

    [Theory, MemberData(nameof(Names))]
    public void Its_bytes_are_canonical_and_read_back(string name)
    {
        var statement = Named(name);
        var bytes = statement.ToBytes();
        Assert.True(Jcs.TryCanonicalize(bytes, new JsonLimits(8, 100_000), out var canonical, out _));
        Assert.Equal(canonical, bytes);
        Assert.True(Statement.TryParse(bytes, out var parsed, out var failure), failure.ToString());
        Assert.Equal(statement, parsed);
    }

    [Fact]
    public void A_predicate_type_that_the_verifier_does_not_know_is_refused()
    {
        foreach (var type in new[] { "", "urn:ledger:predicate:entry:v2", "URN:ledger:predicate:entry:v1",
            "https://slsa.dev/provenance/v1" })
        {
            Refused(FailureCode.StatementPredicateUnknown, (Examples.Statement with { PredicateType = type }).ToBytes());
        }
    }

    [Fact]
    public void Fields_that_no_ledger_writes_are_refused()
    {
        Statement good = Examples.Statement, epoch = Examples.EpochStatement;
        foreach (var wrong in new[]
        {
            good with { Subject = "" },
            good with { Subject = new string('x', 257) },
            good with { Tenant = "" },
            good with { Tenant = "-a" },
            good with { Tenant = "A" },
            good with { Tenant = "a b" },
            good with { Tenant = new string('a', 64) },
            good with { Id = "" },
            good with { Id = good.Id.ToUpperInvariant() },
            good with { Id = good.Id.Replace("-", "", StringComparison.Ordinal) },
            good with { Id = $"{{{good.Id}}}" },
            good with { CreatedAt = "2026-01-27T09:08:07Z" },
            good with { PreviousCheckpoint = "x" },
            good with { PredicateType = PredicateTypes.Attestation, PreviousCheckpoint = "x" },
            epoch with { PreviousCheckpoint = null },
        })
        {
            Refused(FailureCode.StatementMalformed, wrong.ToBytes());
        }
    }

    [Theory]
    [InlineData("{\"_type\"", " {\"_type\"")]
    [InlineData("]}", "]}\n")]
    [InlineData(",\"predicate\"", ", \"predicate\"")]
    [InlineData("user-action", "user\\u002daction")]
    [InlineData("demo", "d\\u0065mo")]
    [InlineData("https://in-toto", "https:\\/\\/in-toto")]
    public void The_right_members_in_another_form_are_refused(string part, string other) =>
        Refused(FailureCode.StatementNotCanonical, Changed(part, other));

    [Fact]
    public void Members_in_another_order_are_refused()
    {
        var text = Encoding.UTF8.GetString(Examples.Statement.ToBytes());
        const string Type = "\"_type\":\"https://in-toto.io/Statement/v1\"";
        Refused(FailureCode.StatementNotCanonical, Encoding.UTF8.GetBytes("{" + text[(Type.Length + 2)..^1] + "," + Type + "}"));
    }

    [Theory]
    [InlineData("\"_type\":\"https://in-toto.io/Statement/v1\",", "")]
    [InlineData("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")]
    [InlineData(",\"tenant\":\"demo\"", "")]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"demo\",\"zone\":\"x\"")]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"demo\",\"tenant\":\"demo\"")]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":null")]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":1")]
    [InlineData("\"digest\":{\"sha256\":", "\"digest\":{\"sha512\":")]
    [InlineData("\"digest\":{", "\"digest\":{\"md5\":\"\",")]
    [InlineData("a591a6d4", "A591A6D4")]
    [InlineData("a591a6d4", "a591a6d")]
    [InlineData("}]}", "},{}]}")]
    [InlineData("\"subject\":[", "\"subject\":[[]")]
    [InlineData("user-action", "user\\u0000action")]
    [InlineData("user-action", "user\\ud800action")]
    [InlineData("]}", "],\"x\":0}")]
    [InlineData("]}", "]}{}")]
    public void Missing_unknown_and_mistyped_members_are_refused(string part, string other) =>
        Refused(FailureCode.StatementMalformed, Changed(part, other));

    [Fact]
    public void No_statement_at_all_is_refused()
    {
        foreach (var text in new[] { "", "{}", "[]", "null", "\"\"", "{\"subject\":[]}" })
        {
            Refused(FailureCode.StatementMalformed, Encoding.UTF8.GetBytes(text));
        }

        Refused(FailureCode.StatementMalformed, new byte[Limits.StatementBytes + 1]);
    }

    private static byte[] Changed(string part, string other)
    {
        var text = Encoding.UTF8.GetString(Examples.Statement.ToBytes());
        Assert.Contains(part, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal));
    }

    private static void Refused(FailureCode expected, byte[] bytes)
    {
        Assert.False(Statement.TryParse(bytes, out _, out var failure), Encoding.UTF8.GetString(bytes));
        Assert.Equal(expected, failure);
    }
}
