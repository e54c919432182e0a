using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>
/// What a person would read of a message. https://www.rfc-editor.org/rfc/rfc2045, https://www.rfc-editor.org/rfc/rfc2047
/// <code>
/// Subject: =?utf-8?B?R3LDvMOfZQ==?=
/// Content-Type: text/plain; charset=utf-8
/// Content-Transfer-Encoding: quoted-printable
///
/// Gr=C3=BC=C3=9Fe
/// </code>
/// </summary>
internal static partial class MailText
{
    public static string Subject(byte[] message) => Header(Part.Of(message).Headers, "Subject");

    public static string Body(byte[] message) => Body(Part.Of(message)) ?? "";

    /// <summary>A header's value, unfolded and decoded; empty where there is none.</summary>
    private static string Header(string headers, string name)
    {
        var unfolded = Folding().Replace(headers, "$1");
        var line = unfolded.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        // White space between two encoded words is not part of the text.
        return line is null ? "" : Word().Replace(BetweenWords().Replace(line[(name.Length + 1)..].Trim(), "?=$1"), Decoded);
    }

    private static string Decoded(Match word)
    {
        var text = word.Groups["text"].Value;
        var bytes = word.Groups["encoding"].Value is "B" or "b"
            ? Convert.FromBase64String(text)
            : QuotedPrintable(text.Replace('_', ' '));
        return Charset(word.Groups["charset"].Value).GetString(bytes);
    }

    private static string? Body(Part part)
    {
        var type = Header(part.Headers, "Content-Type");
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return Boundary().Match(type) is { Success: true } boundary
                ? part.Parts(boundary.Groups["name"].Value).Select(Body).FirstOrDefault(text => text is not null) : null;
        if (type.Length > 0 && !type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = Header(part.Headers, "Content-Transfer-Encoding").ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(Encoding.ASCII.GetString(part.Content)),
            "quoted-printable" => QuotedPrintable(SoftBreak().Replace(Encoding.Latin1.GetString(part.Content), "")),
            _ => part.Content,
        };
        return Charset(CharsetParameter().Match(type).Groups["name"].Value).GetString(bytes);
    }

    private static byte[] QuotedPrintable(string text) => Encoding.Latin1.GetBytes(
        Octet().Replace(text, octet => ((char)Convert.ToByte(octet.Groups["hex"].Value, 16)).ToString()));

    private static Encoding Charset(string name) => name.Length == 0 ? Encoding.UTF8 : Encoding.GetEncoding(name);

    [GeneratedRegex(@"\r\n([ \t])")]
    private static partial Regex Folding();

    [GeneratedRegex(@"\?=\s+(=\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?(?<charset>[^?*]+)(\*[^?]*)?\?(?<encoding>[BbQq])\?(?<text>[^?]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex(@"boundary=""?(?<name>[^"";]+)""?", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"charset=""?(?<name>[^"";\s]+)""?", RegexOptions.IgnoreCase)]
    private static partial Regex CharsetParameter();

    [GeneratedRegex(@"[ \t]*=[ \t]*\r\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex(@"=(?<hex>[0-9A-Fa-f]{2})")]
    private static partial Regex Octet();

    /// <summary>Headers and content of a message, or of one part of it.</summary>
    private sealed record Part(string Headers, byte[] Content)
    {
        public static Part Of(ReadOnlySpan<byte> message)
        {
            if (message.StartsWith("\r\n"u8))
                return new Part("", message[2..].ToArray());
            var end = message.IndexOf("\r\n\r\n"u8);
            return end < 0 ? new Part(Encoding.UTF8.GetString(message), [])
                : new Part(Encoding.UTF8.GetString(message[..end]), message[(end + 4)..].ToArray());
        }

        public IEnumerable<Part> Parts(string boundary)
        {
            // Latin-1 keeps every byte as it is.
            var text = "\r\n" + Encoding.Latin1.GetString(Content);
            var pieces = text.Split("\r\n--" + boundary);
            return pieces.Skip(1).TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal))
                .Select(piece => Of(Encoding.Latin1.GetBytes(piece[(piece.IndexOf('\n', StringComparison.Ordinal) + 1)..])));
        }
    }
}
