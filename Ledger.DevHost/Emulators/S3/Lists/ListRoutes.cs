using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Multipart;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Lists;

/// <summary>The lists of a bucket: objects (both versions of the call), versions, uploads.</summary>
internal static class ListRoutes
{
    public static Task AnswerAsync(S3Request request, Bucket bucket)
        => S3Answer.XmlAsync(request.Context, request.Query switch
        {
            var q when q.Has("uploads") => UploadList.Of(request, bucket),
            var q when q.Has("versions") => VersionList.Of(request, bucket),
            var q when q["list-type"] == "2" => Objects2(request, bucket),
            _ => Objects1(request, bucket),
        });

    private static byte[] Objects1(S3Request request, Bucket bucket)
    {
        var list = new ListQuery(request);
        var marker = request.Query["marker"] ?? "";
        var page = bucket.Look(keys => ObjectPage.Of(keys, list, marker));
        return S3Xml.Document("ListBucketResult", xml =>
        {
            xml.Text("Name", bucket.Name).Text("Prefix", list.Shown(list.Prefix)).Text("Marker", list.Shown(marker));
            xml.Optional("NextMarker", page.Next is null ? null : list.Shown(page.Next)).Text("MaxKeys", list.MaxKeys);
            Rest(xml, list, page, owner: true);
        });
    }

    private static byte[] Objects2(S3Request request, Bucket bucket)
    {
        var list = new ListQuery(request);
        var (token, startAfter) = (request.Query["continuation-token"], request.Query["start-after"]);
        if (token is "")
            throw S3Error.InvalidArgument("The continuation token is empty.").Refuse();
        var after = token is null ? startAfter ?? "" : ContinuationToken.Read(token);
        var page = bucket.Look(keys => ObjectPage.Of(keys, list, after));
        return S3Xml.Document("ListBucketResult", xml =>
        {
            xml.Text("Name", bucket.Name).Text("Prefix", list.Shown(list.Prefix));
            xml.Optional("StartAfter", string.IsNullOrEmpty(startAfter) ? null : list.Shown(startAfter));
            xml.Optional("ContinuationToken", token);
            xml.Optional("NextContinuationToken", page.Next is null ? null : ContinuationToken.Of(page.Next));
            xml.Text("KeyCount", page.Count).Text("MaxKeys", list.MaxKeys);
            Rest(xml, list, page, owner: request.Query["fetch-owner"] == "true");
        });
    }

    private static void Rest(S3Xml xml, ListQuery list, ObjectPage page, bool owner)
    {
        xml.Optional("Delimiter", list.Delimiter.Length == 0 ? null : list.Shown(list.Delimiter));
        xml.Text("IsTruncated", page.Next is not null);
        foreach (var (key, version) in page.Objects)
            xml.Element("Contents", content => Content(content, list.Shown(key), version, owner));
        foreach (var group in page.Groups)
            xml.Element("CommonPrefixes", common => common.Text("Prefix", list.Shown(group)));
        xml.Optional("EncodingType", list.Encoding);
    }

    private static void Content(S3Xml xml, string key, ObjectVersion version, bool owner)
    {
        xml.Text("Key", key).Time("LastModified", version.Modified).Text("ETag", $"\"{version.ETag}\"").Text("Size", version.Size);
        if (owner)
            Owner.Write(xml);
        xml.Text("StorageClass", version.StorageClass);
    }
}
