using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Lists;

/// <summary>?versions: every version and delete marker, the newest of a key first.</summary>
internal static class VersionList
{
    public static byte[] Of(S3Request request, Bucket bucket)
    {
        var list = new ListQuery(request);
        var (keyMarker, versionMarker) = (request.Query["key-marker"] ?? "", request.Query["version-id-marker"] ?? "");
        var page = bucket.Look(keys => Page.Of(keys, list, keyMarker, versionMarker));
        return S3Xml.Document("ListVersionsResult", xml =>
        {
            xml.Text("Name", bucket.Name).Text("Prefix", list.Shown(list.Prefix)).Text("KeyMarker", list.Shown(keyMarker));
            xml.Optional("NextKeyMarker", page.More ? list.Shown(page.LastKey) : null);
            xml.Text("NextVersionIdMarker", page.More ? page.LastId : "").Text("VersionIdMarker", versionMarker);
            xml.Text("MaxKeys", list.MaxKeys).Optional("Delimiter", list.Delimiter.Length == 0 ? null : list.Shown(list.Delimiter));
            xml.Text("IsTruncated", page.More);
            foreach (var (key, version, latest) in page.Versions)
                xml.Element(version.DeleteMarker ? "DeleteMarker" : "Version", v => Write(v, list.Shown(key), version, latest));
            foreach (var group in page.Groups)
                xml.Element("CommonPrefixes", common => common.Text("Prefix", list.Shown(group)));
            xml.Optional("EncodingType", list.Encoding);
        });
    }

    private static void Write(S3Xml xml, string key, ObjectVersion version, bool latest)
    {
        xml.Text("Key", key).Time("LastModified", version.Modified).Text("ETag", version.DeleteMarker ? "" : $"\"{version.ETag}\"");
        xml.Text("Size", version.Size);
        Owner.Write(xml);
        xml.Text("StorageClass", version.StorageClass).Text("IsLatest", latest).Text("VersionId", version.Id);
    }

    private sealed class Page
    {
        public List<(string Key, ObjectVersion Version, bool Latest)> Versions { get; } = [];

        public List<string> Groups { get; } = [];

        public bool More { get; private set; }

        public string LastKey { get; private set; } = "";

        public string LastId { get; private set; } = "";

        public static Page Of(KeyIndex keys, ListQuery list, string keyMarker, string versionMarker)
        {
            var page = new Page();
            foreach (var (key, versions) in keys.From(keyMarker, list.Prefix))
            {
                var group = list.GroupOf(key);
                if (group is not null ? group == keyMarker || group == page.LastKey : key == keyMarker && versionMarker.Length == 0)
                    continue;
                // After the marker of this key come the older ones; of a version that is gone meanwhile, all of them.
                var rest = key == keyMarker ? versions.SkipWhile(v => v.Id != versionMarker).Skip(1) : versions;
                foreach (var version in group is null ? rest : versions.Take(1))
                    if (!page.Add(list, key, version, version == versions[0], group))
                        return page;
            }
            return page;
        }

        private bool Add(ListQuery list, string key, ObjectVersion version, bool latest, string? group)
        {
            if (Versions.Count + Groups.Count == list.MaxKeys)
            {
                More = list.MaxKeys > 0;
                return false;
            }
            (LastKey, LastId) = (group ?? key, group is null ? version.Id : "");
            if (group is null)
                Versions.Add((key, version, latest));
            else
                Groups.Add(group);
            return true;
        }
    }
}
