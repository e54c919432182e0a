using System.Text;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Json;

public class JcsWriterTests
{
    [Fact]
    public void It_puts_commas_and_grows_as_needed()
    {
        var writer = new JcsWriter(1);
        writer.StartObject();
        writer.Name("a"u8);
        writer.StartArray();
        for (var i = 0; i < 1000; i++) writer.Number(i);
        writer.StartObject();
        writer.EndObject();
        writer.StartArray();
        writer.EndArray();
        writer.EndArray();
        writer.Name("b"u8);
        writer.Text(new string('€', 5000));
        writer.Name("c"u8);
        writer.Base64(new byte[5000]);
        writer.Name("d"u8);
        writer.Canonical("{\"x\":null}"u8);
        writer.Name("e"u8);
        writer.Hex(Digest.Zero);
        writer.EndObject();
        var bytes = writer.Finish();

        Assert.True(Jcs.TryCanonicalize(bytes, new JsonLimits(8, 100_000), out var canonical, out var failure), failure.ToString());
        Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void A_string_that_no_reader_takes_is_not_written()
    {
        // In code and not in InlineData: an attribute's strings are stored as UTF-8, where half a surrogate pair cannot be.
        foreach (var text in new[] { "\ud800", "a\udc00b", "\ud800\\", "\udbff\udbff", "a\0" })
        {
            Assert.Throws<ArgumentException>(() =>
            {
                var writer = new JcsWriter(16);
                writer.Text(text);
            });
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(9007199254740992)]
    public void A_number_that_is_not_exact_everywhere_is_not_written(long number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new JcsWriter(16);
            writer.Number(number);
        });
}
