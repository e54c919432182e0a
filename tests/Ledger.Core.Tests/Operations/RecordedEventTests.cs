using System.Text;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Operations;

public sealed class RecordedEventTests
{
    private const string Example =
        """{"action":"person.role","actor":"a@ledger","at":"2026-11-22T10:00:00.123456Z","details":"""
        + """{"role":"AUDITOR"},"target":"0193","tenant":"demo"}""";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1234560);

    [Fact]
    public void Details_are_a_member_of_their_own_in_the_canonical_bytes_and_read_back()
    {
        var written = new AuditEvent("a@ledger", "person.role", "0193", new Dictionary<string, string> { ["role"] = "AUDITOR" })
            .ToBytes(TenantId.Parse("demo"), At);
        Assert.Equal(Example, Encoding.UTF8.GetString(written));
        Assert.True(RecordedEvent.TryRead(written, out var read));
        Assert.Equal(("demo", At, "a@ledger", "person.role", "0193"), (read.Tenant, read.At, read.Event.Actor, read.Event.Action,
            read.Event.Target));
        Assert.Equal("AUDITOR", Assert.Single(read.Event.Details!).Value);
    }

    [Fact]
    public void Without_details_there_is_no_such_member()
    {
        foreach (var none in new[] { null, new Dictionary<string, string>() })
        {
            var written = new AuditEvent("a", "b.c", "d", none).ToBytes(TenantId.Parse("demo"), At);
            Assert.DoesNotContain("details", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
            Assert.True(RecordedEvent.TryRead(written, out var read));
            Assert.Null(read.Event.Details);
        }
    }

    public static TheoryData<int, string, string> TooMuch => new()
    {
        { 17, "n", "v" }, { 1, "", "v" }, { 1, "Name", "v" }, { 1, "a-b", "v" }, { 1, new string('n', 33), "v" },
        { 1, "n", new string('v', 1025) },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void Details_over_their_limits_are_not_written(int count, string name, string value)
    {
        var details = Enumerable.Range(0, count).ToDictionary(i => i == 0 ? name : $"{name}{i}", _ => value);
        Assert.Throws<FormatException>(() => new AuditEvent("a", "b.c", "d", details).ToBytes(TenantId.Parse("demo"), At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""["action","actor","at","target","tenant"]""")]
    [InlineData("{}")]
    [InlineData("""{"action":7,"actor":"a","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"","actor":"a","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a\u0000","actor":"a","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"\ud800","actor":"a","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a\u0000","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"yesterday","target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"2026-11-22T10:00:00.123456Z","target":null,"tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"2026-11-22T10:00:00.123456Z","target":"t","tenant":"No Tenant"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"2026-11-22T10:00:00.123456Z","details":[],"target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"2026-11-22T10:00:00.123456Z","details":{"n":1},"target":"t","tenant":"demo"}""")]
    [InlineData("""{"action":"a","actor":"a","at":"2026-11-22T10:00:00.123456Z","details":{"\ud800":"v"},"target":"t","tenant":"demo"}""")]
    public void What_is_no_event_is_not_read_as_one(string json) =>
        Assert.False(RecordedEvent.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Bytes_that_are_no_text_are_no_event() =>
        Assert.False(RecordedEvent.TryRead([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], out _));
}
