namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>A mail as the sink took it.</summary>
/// <param name="From">Of the envelope (`MAIL FROM`), empty for a bounce.</param>
/// <param name="To">Of the envelope (`RCPT TO`), in order.</param>
/// <param name="Subject">Decoded (RFC 2047); empty where the header is missing.</param>
/// <param name="Body">The plain text, decoded, with its line ends as sent; of a multipart message its first text/plain part.</param>
/// <param name="Raw">The message as it came, dots unstuffed: one char a byte of UTF-8 text.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Subject, string Body, string Raw);
