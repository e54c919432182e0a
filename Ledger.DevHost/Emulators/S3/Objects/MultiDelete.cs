using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Checksums;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>
/// POST ?delete of a bucket: up to 1000 keys at once. Some checksum of the body must be there, and is not looked at.
/// <code>&lt;Delete&gt;&lt;Quiet&gt;true&lt;/Quiet&gt;&lt;Object&gt;&lt;Key&gt;a.txt&lt;/Key&gt;&lt;/Object&gt;&lt;/Delete&gt;</code>
/// </summary>
internal sealed class MultiDelete(TimeProvider time)
{
    private const int MaxBody = 2 << 20;
    private const int MaxKeys = 1000;

    public async Task AnswerAsync(S3Request request, Bucket bucket, Payload payload)
    {
        if (request.Header("Content-MD5") is null && !ChecksumAlgorithm.All.Any(a => request.Header(a.HeaderName) is not null)
            && request.Header("x-amz-trailer") is null)
            throw S3Error.MissingContentMd5.Refuse();
        var body = await RequestBody.ReadAsync(request, payload, MaxBody).ConfigureAwait(false);
        var delete = RequestXml.Read(body, "Delete");
        var objects = RequestXml.Children(delete, "Object")
            .Select(o => (Key: RequestXml.Text(o, "Key") ?? "", VersionId: RequestXml.Text(o, "VersionId"))).ToList();
        if (objects.Count is 0 or > MaxKeys)
            throw S3Error.MalformedXml.Refuse();
        var quiet = RequestXml.Text(delete, "Quiet") == "true";
        var results = objects.Select(o => Delete(bucket, o.Key, string.IsNullOrEmpty(o.VersionId) ? null : o.VersionId)).ToList();
        await S3Answer.XmlAsync(request.Context, S3Xml.Document("DeleteResult", xml =>
        {
            foreach (var result in results.Where(r => r.Error is null && !quiet))
                xml.Element("Deleted", result.WriteDeleted);
            foreach (var result in results.Where(r => r.Error is not null))
                xml.Element("Error", result.WriteError);
        })).ConfigureAwait(false);
    }

    private Result Delete(Bucket bucket, string key, string? versionId)
    {
        try
        {
            RequestRules.CheckKey(key);
            if (versionId is not null && !VersionId.IsOne(versionId))
                throw S3Error.NoSuchVersion.Refuse();
            return new Result(key, versionId, bucket.Delete(key, versionId, time.GetUtcNow()), Error: null);
        }
        catch (S3Refusal refusal)
        {
            return new Result(key, versionId, Said: null, refusal.Error);
        }
    }

    private sealed record Result(string Key, string? VersionId, ObjectVersion? Said, S3Error? Error)
    {
        public void WriteDeleted(S3Xml xml)
        {
            if (Said is { DeleteMarker: true, IsNull: false })
                xml.Text("DeleteMarker", true).Text("DeleteMarkerVersionId", Said.Id);
            xml.Text("Key", Key).Optional("VersionId", VersionId);
        }

        public void WriteError(S3Xml xml)
            => xml.Text("Code", Error!.Code).Text("Message", Error.Message).Text("Key", Key).Optional("VersionId", VersionId);
    }
}
