using System.Globalization;
using System.Text;
using System.Xml;

namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>
/// XML as Go's encoder writes it: quotes are escaped in texts too, what XML cannot hold becomes U+FFFD, empty elements have two tags.
/// <code>&lt;ETag&gt;&amp;#34;6f5902ac237024bdd0c176cb93063dc4&amp;#34;&lt;/ETag&gt;</code>
/// </summary>
internal sealed class S3Xml
{
    private const string Declaration = """<?xml version="1.0" encoding="UTF-8"?>""" + "\n";
    private const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static readonly XmlWriterSettings Settings =
        new() { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), CheckCharacters = false };

    private readonly XmlWriter writer;

    private S3Xml(XmlWriter writer) => this.writer = writer;

    /// <summary>A whole document, UTF-8.</summary>
    /// <param name="root">Its outermost element.</param>
    /// <param name="content">Writes what is in it.</param>
    /// <param name="amazon">Whether it is in the namespace of S3; errors are in none.</param>
    public static byte[] Document(string root, Action<S3Xml> content, bool amazon = true)
    {
        using var buffer = new MemoryStream();
        buffer.Write(Encoding.UTF8.GetBytes(Declaration));
        using (var writer = XmlWriter.Create(buffer, Settings))
        {
            writer.WriteStartElement(root, amazon ? Namespace : "");
            content(new S3Xml(writer));
            writer.WriteFullEndElement();
        }
        return buffer.ToArray();
    }

    /// <param name="name">Of the element.</param>
    /// <param name="content">Writes what is in it.</param>
    /// <param name="type">Its <c>xsi:type</c>, which some clients look for in a Grantee; null: none.</param>
    public S3Xml Element(string name, Action<S3Xml> content, string? type = null)
    {
        writer.WriteStartElement(name, writer.LookupPrefix(Namespace) is null ? "" : Namespace);
        if (type is not null)
            writer.WriteAttributeString("xsi", "type", "http://www.w3.org/2001/XMLSchema-instance", type);
        content(this);
        writer.WriteFullEndElement();
        return this;
    }

    /// <summary>Text of the element that is open.</summary>
    public S3Xml Inner(string value)
    {
        writer.WriteRaw(Escaped(value));
        return this;
    }

    public S3Xml Text(string name, string value) => Element(name, xml => xml.Inner(value));

    public S3Xml Text(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public S3Xml Text(string name, bool value) => Text(name, value ? "true" : "false");

    /// <summary>2026-11-22T05:17:32.402Z.</summary>
    public S3Xml Time(string name, DateTimeOffset time)
        => Text(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>Nothing where there is no value.</summary>
    public S3Xml Optional(string name, string? value) => value is null ? this : Text(name, value);

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
            _ = letter switch
            {
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\t' => escaped.Append("&#x9;"),
                '\n' => escaped.Append("&#xA;"),
                '\r' => escaped.Append("&#xD;"),
                < ' ' or '\uFFFE' or '\uFFFF' => escaped.Append('\uFFFD'),
                _ => escaped.Append(letter),
            };
        return escaped.ToString();
    }
}
