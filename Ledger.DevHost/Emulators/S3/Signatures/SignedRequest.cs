using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>The three things that a signed request says of itself.</summary>
/// <param name="Credential">Who.</param>
/// <param name="Headers">Names of the signed headers.</param>
/// <param name="Signature">Hex.</param>
internal sealed record SignedRequest(Credential Credential, IReadOnlyList<string> Headers, string Signature)
{
    /// <summary>
    /// Of the header; spaces after commas may be missing.
    /// <code>AWS4-HMAC-SHA256 Credential=KEY/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f…</code>
    /// </summary>
    public static SignedRequest OfHeader(string authorization)
    {
        var fields = authorization[Signing.Algorithm.Length..].Trim().Split(',');
        if (fields.Length != 3)
            throw SignatureError.MissingFields.Refuse();
        var values = fields.Select(f => f.Trim().Split('=', 2)).ToArray();
        if (values.Any(v => v.Length != 2))
            throw SignatureError.MissingFields.Refuse();
        if (values[0][0] != "Credential")
            throw SignatureError.NoCredential.Refuse();
        var credential = Credential.Parse(values[0][1]);
        if (values[1][0] != "SignedHeaders")
            throw SignatureError.NoSignedHeaders.Refuse();
        if (values[2][0] != "Signature")
            throw SignatureError.NoSignature.Refuse();
        return Of(credential, values[1][1], values[2][1]);
    }

    /// <summary>Of the parameters of a presigned URL, all of which must be there.</summary>
    public static SignedRequest OfQuery(Query query)
    {
        foreach (var name in PresignedUrl.Parameters)
            if (!query.Has(name))
                throw SignatureError.Parameters($"A presigned URL needs {name}.").Refuse();
        if (query["X-Amz-Algorithm"] != Signing.Algorithm)
            throw SignatureError.Parameters($"X-Amz-Algorithm is {Signing.Algorithm}.").Refuse();
        return Of(Credential.Parse(query["X-Amz-Credential"]!), query["X-Amz-SignedHeaders"]!, query["X-Amz-Signature"]!);
    }

    private static SignedRequest Of(Credential credential, string headers, string signature)
        => headers.Length == 0 || signature.Length == 0
            ? throw SignatureError.MissingFields.Refuse()
            : new SignedRequest(credential, headers.Split(';'), signature);
}
