using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Ledger.Core.Storage;

/// <summary>What an operator is told of a call that failed, and what is known of its fate. Servers' texts are not passed on: they may quote
/// what was sent.</summary>
internal static class StorageErrors
{
    public static StorageException Of(Exception e, string operation, ObjectName name, string where) => e switch
    {
        StorageException told => told,
        OperationCanceledException => new(StorageFault.Unknown, $"The storage at {where} did not answer in time.", e),
        AmazonServiceException { StatusCode: not 0 } answered => OfAnswer(answered, operation, name),
        _ => OfConnection(e, where),
    };

    private static StorageException OfAnswer(AmazonServiceException e, string operation, ObjectName name)
    {
        var status = (int)e.StatusCode;
        var (fault, text) = e.ErrorCode switch
        {
            "NoSuchBucket" => (StorageFault.Refused,
                $"There is no bucket '{name.Bucket}': make it, or correct the setting that names it."),
            "AccessDenied" => (StorageFault.Refused, $"The storage denies {operation} of {name}: allow s3:GetObject and s3:PutObject on "
                + "the objects, and s3:ListBucket on the bucket, without which a missing object is denied as well."),
            "InvalidAccessKeyId" => (StorageFault.Refused, "The storage does not know the access key: check Storage:AccessKey."),
            "SignatureDoesNotMatch" => (StorageFault.Refused, "The storage refuses the signature: check Storage:SecretKey."),
            "AuthorizationHeaderMalformed" or "PermanentRedirect" or "InvalidRegion" => (StorageFault.Refused,
                $"Bucket '{name.Bucket}' is in another region, or at another address: check Storage:Region and Storage:Endpoint."),
            "RequestTimeTooSkewed" or "RequestExpired" => (StorageFault.Refused,
                "The storage's clock and this machine's differ too much: set the clocks."),
            "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "InvalidClientTokenId" => (StorageFault.Refused,
                "The storage's credentials have expired or are not valid: renew them."),
            "NotImplemented" => (StorageFault.Refused, $"The storage does not know what {operation} asks of it, conditional writes or "
                + "SHA-256 checksums: use a service that does."),
            "XMinioStorageFull" => (StorageFault.Unknown, "The storage is full."),
            "ConditionalRequestConflict" or "OperationAborted" => (StorageFault.Conflict, $"Somebody else writes {name} at the same time."),
            _ => (status is 408 or 429 or >= 500 ? StorageFault.Unknown : StorageFault.Refused,
                $"The storage answered {operation} of {name} with {status} {Code(e.ErrorCode)}."),
        };
        return new StorageException(fault, text, e);
    }

    private static StorageException OfConnection(Exception e, string where)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return new(StorageFault.NotSent, $"The storage at {where} shows a certificate that is not trusted here.", e);
            if (cause is HttpRequestException
                { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } refused)
                return new(StorageFault.NotSent, $"The storage at {where} cannot be reached: {Reason(refused)}.", e);
            if (cause is HttpRequestException or IOException or SocketException)
                return new(StorageFault.Unknown, $"The connection to the storage at {where} broke.", e);
        }
        return e is AmazonServiceException ? new(StorageFault.Unknown, $"What answers at {where} is not an S3 service.", e)
            : e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase)
                ? new(StorageFault.NotSent, "There are no credentials for the storage: set Storage:AccessKey and Storage:SecretKey, or "
                    + "give this process an identity of its own.", e)
                : new(StorageFault.Unknown, $"What the storage at {where} answered is damaged.", e);
    }

    private static string Reason(HttpRequestException e) =>
        e.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : e.HttpRequestError.ToString();

    // It comes from whatever answered.
    private static string Code(string? code) =>
        code is { Length: > 0 and <= 64 } && code.All(char.IsAsciiLetterOrDigit) ? code : "and no code";
}
