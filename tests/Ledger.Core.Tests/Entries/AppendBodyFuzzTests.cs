using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Core.Tests.Entries;

public sealed class AppendBodyFuzzTests
{
    private static readonly byte[][] Seeds = [.. new[]
    {
        """{"subject":"user-action","payload":"SGVsbG8gV29ybGQ=","meta":{"user_id":"12345"}}""",
        """{"subject":"\ud83d\ude00 \u00e4","payload":"\/+8=","meta":{"a":[1,2.5e3,{"b":[null,true,"\n"]}],"c":-0.0}}""",
        """{"items":[{"subject":"a","payload":"AA=="},{"subject":"b","payload":"AAA=","meta":{}},{"subject":"","payload":"?"}]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Tokens = [.. new[]
    {
        "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "null", "1e999", "\"subject\"", "\"payload\"", "\"meta\"",
        "\"items\"", "=", " ", "\0", "0",
    }.Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_bytes_come_they_are_read_into_something_valid_or_refused_with_a_4xx(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5000; i++)
        {
            var body = Seeds[random.Next(Seeds.Length)];
            for (var edits = random.Next(1, 5); edits > 0; edits--) body = Edit(body, random);
            Check(body);
        }
    }

    private static void Check(byte[] body)
    {
        Exception? refusal = Record.Exception(() => AssertValid(AppendBody.ReadOne(body)));
        AssertRefusal(refusal, body);
        refusal = Record.Exception(() =>
        {
            foreach (var item in AppendBody.ReadBatch(body))
            {
                if (item.Item is not null) AssertValid(item.Item);
                else AssertRefusal(new LedgerProblemException(item.Problem!), body);
            }
        });
        AssertRefusal(refusal, body);
        // What was read was JSON to an independent reader too.
        if (refusal is null) JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 1000 }).Dispose();
    }

    private static void AssertValid(AppendItem item)
    {
        Assert.True(SubjectName.IsValid(item.Subject));
        Assert.True(Jcs.TryCanonicalize(item.Meta, new JsonLimits(8, 16 * 1024), out var again, out _));
        Assert.Equal(item.Meta, again);
        Assert.Equal((byte)'{', item.Meta[0]);
    }

    private static void AssertRefusal(Exception? refusal, byte[] body)
    {
        if (refusal is null or LedgerProblemException { Problem.Type.Status: >= 400 and < 500 }) return;
        Assert.Fail($"{refusal.GetType().Name} for {Convert.ToHexString(body)}: {refusal.Message}");
    }

    private static byte[] Edit(byte[] body, Random random)
    {
        var at = random.Next(body.Length + 1);
        var to = Math.Min(body.Length, at + random.Next(1, 12));
        return random.Next(5) switch
        {
            0 => [.. body[..at], .. Tokens[random.Next(Tokens.Length)], .. body[at..]],
            1 => [.. body[..at], .. body[to..]],
            2 => [.. body[..at], (byte)random.Next(256), .. body[to..]],
            3 => [.. body[..to], .. body[at..]],
            _ => at < body.Length ? [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]] : body[..^1],
        };
    }
}
