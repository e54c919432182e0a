using Ledger.DevHost.Emulators.S3.Checksums;

namespace Ledger.DevHost.Tests.Emulators.S3;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("CRC32", "cbf43926")]
    [InlineData("CRC32C", "e3069283")]
    [InlineData("CRC64NVME", "ae8b14860a799888")]
    [InlineData("SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441")]
    [InlineData("SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225")]
    public void The_check_value_of_each_comes_out(string name, string hex)
    {
        var checksum = ChecksumAlgorithm.Find(name)!.Start();
        checksum.Append("1234"u8);
        checksum.Append("56789"u8);
        Assert.Equal(hex, Convert.ToHexStringLower(checksum.Finish()));
    }

    [Theory]
    [InlineData("CRC32", "y/Q5Jg==", true)]
    [InlineData("CRC32", "y/Q5Jgo=", false)]
    [InlineData("CRC32", "cbf43926", false)]
    [InlineData("CRC32", "", false)]
    [InlineData("SHA256", "qUiQTy8PR5uPgZdpSzAYSw0u0cHNKh7A+4XSmaGSpEc=", true)]
    [InlineData("SHA256", "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447", false)]
    public void A_value_is_base64_of_as_many_bytes(string name, string text, bool good)
        => Assert.Equal(good, ChecksumAlgorithm.Find(name)!.IsValue(text));
}
