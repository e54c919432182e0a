namespace Ledger.DevHost.Emulators.Smtp;

/// <summary>Lines of a connection, each ended by CRLF. A lone LF or CR is no line end: a server that took it for one could be made to see a
/// mail inside another.</summary>
internal sealed class SmtpLines(Stream stream)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>The next line without its CRLF; what exceeds the limit is cut off. Null at the end of the stream.</summary>
    /// <exception cref="FormatException">A lone LF or CR.</exception>
    public async ValueTask<byte[]?> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        var afterReturn = false;
        while (true)
        {
            if (start == end)
            {
                (start, end) = (0, await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
                if (end == 0)
                    return null;
            }
            var next = buffer[start++];
            if (afterReturn && next == '\n')
                return line.ToArray();
            if (afterReturn || next == '\n')
                throw new FormatException("a line ends with CRLF");
            if (next == '\r')
                afterReturn = true;
            else if (line.Length < limit)
                line.WriteByte(next);
        }
    }
}
