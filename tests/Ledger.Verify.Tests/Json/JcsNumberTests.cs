using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Json;

public class JcsNumberTests
{
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Appendix_b_of_the_rfc_is_reproduced(string bits, string expected)
    {
        var value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(expected, JcsNumber.Format(value));
        Assert.Equal(expected, Canonical(expected));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_has_no_form(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => JcsNumber.Format(value));

    // The published sums of the reference test file: <bits in hex>,<expected>\n for a deterministic sequence of doubles.
    [Theory]
    [InlineData(1_000, "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687")]
    [InlineData(10_000, "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892")]
    [InlineData(100_000, "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7")]
    public void The_published_sequence_has_the_published_sum(int lines, string sha256)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var value in Es6Numbers.Sequence().Take(lines))
        {
            sum.AppendData(Encoding.ASCII.GetBytes($"{BitConverter.DoubleToUInt64Bits(value):x},{JcsNumber.Format(value)}\n"));
        }

        Assert.Equal(sha256, Convert.ToHexStringLower(sum.GetHashAndReset()));
    }

    [Fact]
    public void Every_double_of_the_published_sequence_is_accepted_in_its_own_form()
    {
        foreach (var value in Es6Numbers.Sequence().Take(20_000))
        {
            var text = JcsNumber.Format(value);
            Assert.Equal(text, Canonical(text));
        }
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("0.000", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e2", "100")]
    [InlineData("100", "100")]
    [InlineData("1E+2", "100")]
    [InlineData("100e-2", "1")]
    [InlineData("0.10", "0.1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("4.50", "4.5")]
    [InlineData("2e-3", "0.002")]
    [InlineData("1E30", "1e+30")]
    [InlineData("1000000000000000000000000000000", "1e+30")]
    [InlineData("0.000000000000000000000000001", "1e-27")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("0.0000010", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("9007199254740994", "9007199254740994")]
    [InlineData("1.00000000000000000000000000000000000000000000", "1")]
    [InlineData("10e00000000000000000000000000000000000000000001", "100")]
    [InlineData("5e-324", "5e-324")]
    public void A_decimal_that_a_double_holds_is_accepted(string text, string expected) => Assert.Equal(expected, Canonical(text));

    [Theory]
    [InlineData("0.1000000000000000055")]
    [InlineData("333333333.33333329")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e309")]
    [InlineData("1e-400")]
    [InlineData("1e-324")]
    [InlineData("4e-324")]
    [InlineData("1e999999999999999999999")]
    [InlineData("1e-999999999999999999999")]
    [InlineData("0.30000000000000000001")]
    [InlineData("123456789012345678")]
    [InlineData("12345678901234567890")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("295147905179352825856")]
    public void A_decimal_that_a_double_would_change_is_refused(string text)
    {
        Assert.False(Jcs.TryCanonicalize(Encoding.ASCII.GetBytes(text), new JsonLimits(1, 1000), out var canonical, out var failure));
        Assert.Equal(JsonFailure.NumberNotExact, failure);
        Assert.Empty(canonical);
    }

    private static string Canonical(string text)
    {
        Assert.True(Jcs.TryCanonicalize(Encoding.ASCII.GetBytes(text), new JsonLimits(1, 1000), out var canonical, out var failure),
            failure.ToString());
        return Encoding.ASCII.GetString(canonical);
    }
}
