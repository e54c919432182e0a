namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>?acl: everything is its owner's alone.</summary>
internal static class AccessControl
{
    public static byte[] OfOwner() => S3Xml.Document("AccessControlPolicy", xml =>
    {
        Owner.Write(xml, id: "", name: "");
        xml.Element("AccessControlList", list => list.Element("Grant", grant => grant
            .Element("Grantee", grantee => grantee.Text("Type", "CanonicalUser"), type: "CanonicalUser")
            .Text("Permission", "FULL_CONTROL")));
    });
}
