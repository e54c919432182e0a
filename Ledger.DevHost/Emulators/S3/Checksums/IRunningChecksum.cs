namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>A checksum that is made as the bytes come.</summary>
internal interface IRunningChecksum
{
    void Append(ReadOnlySpan<byte> data);

    byte[] Finish();
}
