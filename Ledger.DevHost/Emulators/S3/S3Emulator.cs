using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.S3.Buckets;

namespace Ledger.DevHost.Emulators.S3;

/// <summary>A MinIO of October 2025 as far as a ledger meets one: buckets, objects, conditions, checksums, lists, multipart uploads and
/// presigned URLs, every signature checked. docs/emulators.md says what it does and what not.</summary>
public sealed class S3Emulator : IAsyncDisposable
{
    private readonly WebApplication app;

    private S3Emulator(WebApplication app, FaultSwitch faults) => (this.app, Faults) = (app, faults);

    /// <summary>Base address, without a path: AWS_ENDPOINT_URL. Buckets are paths below it.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening with the buckets and objects of the state folder; returns when requests are answered.</summary>
    /// <exception cref="ArgumentException">A key that no client could sign with.</exception>
    /// <exception cref="InvalidDataException">A record of the state folder is damaged.</exception>
    public static async Task<S3Emulator> StartAsync(EmulatorOptions options, S3Options s3, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(s3);
        if (s3.AccessKey.Length < 3 || s3.AccessKey.Any(c => c is '/' or ',' or '=' || char.IsWhiteSpace(c)))
            throw new ArgumentException("the access key has 3 characters or more, none of them / , = or white space", nameof(s3));
        if (s3.SecretKey.Length < 8)
            throw new ArgumentException("the secret key has 8 characters or more", nameof(s3));
        StateFile.MakeDirectory(options.StateDirectory);
        var faults = new FaultSwitch();
        var server = new S3Server(s3, new BucketStore(options.StateDirectory), options.Time);
        var app = await EmulatorHost.StartAsync(options, faults, _ => { }, server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new S3Emulator(app, faults);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
