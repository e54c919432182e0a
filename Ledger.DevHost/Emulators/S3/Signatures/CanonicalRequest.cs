using System.Text;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>
/// The form of a request that is signed: method, path, parameters, the signed headers, their names, the body's hash.
/// <code>
/// GET
/// /test.txt
///
/// host:examplebucket.s3.amazonaws.com
/// x-amz-date:20130524T000000Z
///
/// host;x-amz-date
/// e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
/// </code>
/// </summary>
internal static class CanonicalRequest
{
    /// <param name="request">The call.</param>
    /// <param name="signedHeaders">Names in lower case, in their order.</param>
    /// <param name="payload">What stands for the body: its SHA-256 in hex, or a word such as UNSIGNED-PAYLOAD.</param>
    /// <param name="without">Parameters that are not signed.</param>
    /// <exception cref="Answers.S3Refusal">A header is said to be signed that is not there, or host is not.</exception>
    public static string Of(S3Request request, IReadOnlyList<string> signedHeaders, string payload, Func<string, bool> without)
    {
        if (!signedHeaders.Contains("host"))
            throw SignatureError.NotSigned.Refuse();
        var text = new StringBuilder()
            .Append(request.Method).Append('\n')
            .Append(PercentText.Encoded(request.Path, stays: "/")).Append('\n')
            .Append(request.Query.Canonical(without)).Append('\n');
        foreach (var name in signedHeaders)
            text.Append(name).Append(':').Append(Value(request, name)).Append('\n');
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payload).ToString();
    }

    // A client may hoist a header into the parameters of a presigned URL.
    private static string Value(S3Request request, string name)
    {
        var values = request.Context.Request.Headers[name];
        var found = values.Count > 0 ? string.Join(',', values.Select(v => Trimmed(v ?? ""))) : request.Query[name];
        return found ?? (name == "expect" ? "100-continue" : throw SignatureError.NotSigned.Refuse());
    }

    private static string Trimmed(string value)
        => string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
