using System.Xml;
using System.Xml.Linq;
using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Requests;

/// <summary>A body of XML: no DTD, no entities from elsewhere. Namespaces do not matter, as they do not to the real store.
/// <code>&lt;VersioningConfiguration&gt;&lt;Status&gt;Enabled&lt;/Status&gt;&lt;/VersioningConfiguration&gt;</code></summary>
internal static class RequestXml
{
    private static readonly XmlReaderSettings Settings =
        new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 8 << 20 };

    /// <exception cref="S3Refusal">It is no XML, or another element's.</exception>
    public static XElement Read(byte[] body, string root)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), Settings);
            var element = XElement.Load(reader);
            return element.Name.LocalName == root ? element : throw S3Error.MalformedXml.Refuse();
        }
        catch (XmlException)
        {
            throw S3Error.MalformedXml.Refuse();
        }
    }

    public static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    /// <summary>Null: there is no such child.</summary>
    public static string? Text(XElement parent, string name) => Children(parent, name).FirstOrDefault()?.Value;
}
