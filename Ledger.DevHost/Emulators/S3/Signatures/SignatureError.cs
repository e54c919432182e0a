using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>How the store refuses who calls it.</summary>
internal static class SignatureError
{
    public static readonly S3Error UnknownKey = new(403, "InvalidAccessKeyId", "There is no such access key.");
    public static readonly S3Error DoesNotMatch = new(403, "SignatureDoesNotMatch", "The signature is not of this request by this key.");
    public static readonly S3Error Skewed =
        new(403, "RequestTimeTooSkewed", "The request's time is more than 15 minutes from the server's.");
    public static readonly S3Error NoDate = new(400, "AccessDenied", "A signed request needs x-amz-date or Date.");
    public static readonly S3Error MalformedDate = new(400, "MalformedDate", "The date is not of the form 20260102T030405Z.");
    public static readonly S3Error Unsupported = new(400, "InvalidRequest", "Requests are signed with AWS4-HMAC-SHA256 alone.");
    public static readonly S3Error MissingFields = new(400, "MissingFields", "Credential, SignedHeaders and Signature are needed.");
    public static readonly S3Error NoCredential = new(400, "InvalidRequest", "The first field of Authorization is Credential.");
    public static readonly S3Error NoSignedHeaders = new(400, "InvalidArgument", "The second field of Authorization is SignedHeaders.");
    public static readonly S3Error NoSignature = new(400, "AccessDenied", "The third field of Authorization is Signature.");
    public static readonly S3Error WrongService = new(400, "AuthorizationParametersError", "The credential is of another service than s3.");
    public static readonly S3Error NotSigned = new(400, "AccessDenied", "Headers that must be signed are not.");
    public static readonly S3Error BadToken = new(403, "InvalidTokenId", "The key has no session, so it has no such token.");
    public static readonly S3Error Expired = new(403, "AccessDenied", "Request has expired");
    public static readonly S3Error NotYet = new(403, "AccessDenied", "The signature is dated in the future.");

    public static readonly S3Error BadCredential =
        Parameters("The credential is KEY/YYYYMMDD/REGION/s3/aws4_request.");

    public static S3Error Parameters(string message) => new(400, "AuthorizationQueryParametersError", message);

    public static S3Refusal WrongRegion(string region)
        => new(new(400, "AuthorizationHeaderMalformed", $"The credential is of another region than {region}."))
        {
            Fields = [("Region", region)], Headers = [("X-Amz-Bucket-Region", region)],
        };
}
