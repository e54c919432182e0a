namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>Who everything belongs to: there is one user.</summary>
internal static class Owner
{
    /// <summary>The id that every MinIO gives its root user.</summary>
    public const string Id = "02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4";

    public static void Write(S3Xml xml, string element = "Owner", string id = Id, string name = "minio")
        => xml.Element(element, owner => owner.Text("ID", id).Text("DisplayName", name));
}
