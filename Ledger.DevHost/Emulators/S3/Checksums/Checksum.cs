using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>A checksum that is kept with an object or a part.</summary>
/// <param name="Algorithm">e.g. <c>SHA256</c>.</param>
/// <param name="Value">Base64; of the bytes, or of the parts' checksums one after the other.</param>
/// <param name="Type"><see cref="FullObject"/> or <see cref="Composite"/>.</param>
/// <param name="Parts">How many a composite is of; 0: it is none.</param>
internal sealed record Checksum(string Algorithm, string Value, string Type = Checksum.FullObject, int Parts = 0)
{
    public const string FullObject = "FULL_OBJECT";
    public const string Composite = "COMPOSITE";

    /// <summary>A composite says of how many parts: <c>gz9d…=-2</c>.</summary>
    public string Shown => Parts > 0 ? $"{Value}-{Parts}" : Value;

    private ChecksumAlgorithm Its => ChecksumAlgorithm.Find(Algorithm)!;

    public void WriteHeaders(HttpResponse response, bool withType = true)
    {
        response.Headers[Its.HeaderName] = Shown;
        if (withType)
            response.Headers["X-Amz-Checksum-Type"] = Type;
    }

    /// <summary>ChecksumSHA256, and ChecksumType if it is given.</summary>
    public void WriteTo(S3Xml xml, string? type = null) => xml.Text(Its.ElementName, Shown).Optional("ChecksumType", type);
}
