using System.Globalization;
using System.Xml.Linq;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>
/// A part as the client names it when it completes an upload.
/// <code>
/// &lt;Part&gt;&lt;PartNumber&gt;1&lt;/PartNumber&gt;&lt;ETag&gt;"c568…"&lt;/ETag&gt;
/// &lt;ChecksumSHA256&gt;TLgW…&lt;/ChecksumSHA256&gt;&lt;/Part&gt;
/// </code>
/// </summary>
internal sealed record CompletedPart(int Number, string ETag, XElement Element)
{
    /// <exception cref="S3Refusal">None at all, too many, or not in ascending order.</exception>
    public static IReadOnlyList<CompletedPart> Read(byte[] body)
    {
        var parts = RequestXml.Children(RequestXml.Read(body, "CompleteMultipartUpload"), "Part").Select(Of).ToList();
        if (parts.Count is 0 or > 10_000)
            throw S3Error.InvalidRequest("1 to 10000 parts make an object.").Refuse();
        return parts.Zip(parts.Skip(1)).All(p => p.First.Number < p.Second.Number) ? parts : throw S3Error.InvalidPartOrder.Refuse();
    }

    /// <summary>The part that has come, if it is this one.</summary>
    /// <param name="part">Of that number; null: none has come.</param>
    /// <param name="algorithm">The checksum the client must name too; null: it need not.</param>
    /// <exception cref="S3Refusal">It is another.</exception>
    public UploadPart Match(UploadPart? part, ChecksumAlgorithm? algorithm)
    {
        if (part is null || part.ETag != ETag)
            throw S3Error.InvalidPart.Refuse();
        if (algorithm is not null && RequestXml.Text(Element, algorithm.ElementName) != part.Checksum?.Value)
            throw S3Error.InvalidPart.Refuse();
        return part;
    }

    private static CompletedPart Of(XElement part)
        => int.TryParse(RequestXml.Text(part, "PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new CompletedPart(number, (RequestXml.Text(part, "ETag") ?? "").Trim('"'), part)
            : throw S3Error.MalformedXml.Refuse();
}
