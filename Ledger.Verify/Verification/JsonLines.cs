namespace Ledger.Verify.Verification;

/// <summary>Splits a stream at each LF without decoding it. A last line without its LF, and a line over the cap,
/// come out as null: malformed.</summary>
internal static class JsonLines
{
    public static IEnumerable<byte[]?> Read(Stream stream, int maxLineBytes)
    {
        using var line = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            for (var start = 0; start < read;)
            {
                var lf = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                var end = lf < 0 ? read : lf;
                line.Write(buffer, start, end - start);
                if (line.Length > maxLineBytes)
                {
                    yield return null;
                    yield break;
                }

                if (lf < 0) break;
                yield return line.ToArray();
                line.SetLength(0);
                start = lf + 1;
            }
        }

        if (line.Length > 0) yield return null;
    }
}
