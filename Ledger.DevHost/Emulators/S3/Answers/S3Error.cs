namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>What the store refuses with.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Element <c>Code</c>, which SDKs go by.</param>
/// <param name="Message">For a person to read.</param>
internal sealed record S3Error(int Status, string Code, string Message)
{
    public static readonly S3Error AccessDenied = new(403, "AccessDenied", "Access denied.");
    public static readonly S3Error AllAccessDisabled = new(403, "AllAccessDisabled", "Nothing under this name may be called.");
    public static readonly S3Error ObjectLockedBucket = new(405, "MethodNotAllowed", "A bucket with object lock is not emptied by force.");
    public static readonly S3Error BadDigest = new(400, "BadDigest", "Content-MD5 is of other bytes than those that came.");
    public static readonly S3Error BucketExists = new(409, "BucketAlreadyOwnedByYou", "You have that bucket already.");
    public static readonly S3Error BucketNotEmpty = new(409, "BucketNotEmpty", "The bucket still holds objects or versions.");
    public static readonly S3Error ChecksumMismatch =
        new(400, "XAmzContentChecksumMismatch", "The x-amz-checksum sent is of other bytes than those that came.");
    public static readonly S3Error ClientDisconnected = new(499, "ClientDisconnected", "The client went away before its body was whole.");
    public static readonly S3Error ContentMismatch =
        new(400, "XAmzContentSHA256Mismatch", "x-amz-content-sha256 is of other bytes than those that came.");
    public static readonly S3Error EntityTooLarge = new(400, "EntityTooLarge", "No object may be as large as that.");
    public static readonly S3Error EntityTooSmall = new(400, "EntityTooSmall", "Every part but the last has at least 5 MiB.");
    public static readonly S3Error ExcessData = new(400, "ExcessData", "More bytes came than were announced.");
    public static readonly S3Error IncompleteBody = new(400, "IncompleteBody", "Fewer bytes came than were announced.");
    public static readonly S3Error Internal = new(500, "InternalError", "The store could not do that; try again.");
    public static readonly S3Error InvalidBucketName = new(400, "InvalidBucketName", "That is no name of a bucket.");
    public static readonly S3Error InvalidBucketState =
        new(400, "InvalidBucketState", "Object lock needs versioning: it cannot be suspended here.");
    public static readonly S3Error InvalidDigest = new(400, "InvalidDigest", "Content-MD5 is not the base64 of 16 bytes.");
    public static readonly S3Error InvalidObjectName =
        new(400, "XMinioInvalidObjectName", "The key has characters or parts that no key has.");
    public static readonly S3Error InvalidPart =
        new(400, "InvalidPart", "A part that is not there, or with another ETag or checksum.");
    public static readonly S3Error InvalidPartNumber = new(416, "InvalidPartNumber", "The object has no such part.");
    public static readonly S3Error InvalidPartOrder = new(400, "InvalidPartOrder", "Parts are listed in ascending order, each once.");
    public static readonly S3Error InvalidRange = new(416, "InvalidRange", "No byte of the object is in that range.");
    public static readonly S3Error InvalidResourceName =
        new(400, "XMinioInvalidResourceName", "A part of the name is . or .., or it has a backslash's like.");
    public static readonly S3Error InvalidStorageClass = new(400, "InvalidStorageClass", "There is no such storage class.");
    public static readonly S3Error InvalidVersioning =
        new(400, "IllegalVersioningConfigurationException", "Versioning is Enabled or Suspended.");
    public static readonly S3Error KeyTooLong = new(400, "KeyTooLongError", "A key has at most 1024 bytes.");
    public static readonly S3Error MalformedXml = new(400, "MalformedXML", "The body is not the XML that belongs here.");
    public static readonly S3Error MetadataTooLarge = new(400, "MetadataTooLarge", "Headers have at most 8 KiB, user metadata 2 KiB.");
    public static readonly S3Error MethodNotAllowed = new(405, "MethodNotAllowed", "A delete marker cannot be read.");
    public static readonly S3Error MissingContentLength = new(411, "MissingContentLength", "Content-Length is needed.");
    public static readonly S3Error MissingContentMd5 =
        new(400, "MissingContentMD5", "This needs Content-MD5 or a x-amz-checksum of its body.");
    public static readonly S3Error NoSuchBucket = new(404, "NoSuchBucket", "There is no such bucket.");
    public static readonly S3Error NoSuchKey = new(404, "NoSuchKey", "There is no such key.");
    public static readonly S3Error NoSuchUpload = new(404, "NoSuchUpload", "There is no such upload; it may be complete or aborted.");
    public static readonly S3Error NoSuchVersion = new(404, "NoSuchVersion", "The key has no such version.");
    public static readonly S3Error NotImplemented =
        new(501, "NotImplemented", "The emulated store does not do this; docs/emulators.md says what it does.");
    public static readonly S3Error PreconditionFailed = new(412, "PreconditionFailed", "A condition of the request does not hold.");

    /// <summary>Code InvalidArgument, for a reason.</summary>
    public static S3Error InvalidArgument(string message) => new(400, "InvalidArgument", message);

    /// <summary>Code InvalidRequest, for a reason.</summary>
    public static S3Error InvalidRequest(string message) => new(400, "InvalidRequest", message);

    /// <summary>Code BadRequest, for a reason.</summary>
    public static S3Error BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>Ends the request with this.</summary>
    public S3Refusal Refuse() => new(this);
}
