using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>What is refused of a put by its headers alone.</summary>
internal static class PutRules
{
    // What would be lost in silence is refused instead: a retention that does not hold is worse than none.
    private static readonly string[] NotOffered =
        ["x-amz-object-lock-legal-hold", "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-tagging"];

    /// <returns>STANDARD or REDUCED_REDUNDANCY.</returns>
    /// <exception cref="S3Refusal">There is no such class.</exception>
    public static string StorageClass(S3Request request) => request.Header("x-amz-storage-class") switch
    {
        null or "" or "STANDARD" => "STANDARD",
        "REDUCED_REDUNDANCY" => "REDUCED_REDUNDANCY",
        _ => throw S3Error.InvalidStorageClass.Refuse(),
    };

    /// <exception cref="S3Refusal">It asks for what is not done here.</exception>
    public static void Check(S3Request request)
    {
        if (NotOffered.Any(name => !string.IsNullOrEmpty(request.Header(name))))
            throw S3Error.NotImplemented.Refuse();
        if (request.Header("x-amz-server-side-encryption") is { } encryption)
            throw (encryption is "AES256" or "aws:kms"
                ? S3Error.NotImplemented
                : S3Error.InvalidArgument("There is no such encryption.")).Refuse();
    }
}
