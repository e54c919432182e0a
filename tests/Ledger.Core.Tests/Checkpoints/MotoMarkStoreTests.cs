using Ledger.Testing.Attributes;
using Ledger.Testing.Storage;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>The S3 store on a server that none of us wrote.</summary>
public sealed class MotoMarkStoreTests
{
    [MotoFact]
    public async Task The_store_of_marks_does_on_moto_what_every_store_must_do()
    {
        await using var moto = await MotoServer.StartAsync();
        using var bucket = BucketUnderTest.At(moto.Address);
        await bucket.MakeAsync();
        foreach (var check in MarkStoreChecks.All.Keys) await MarkStoreChecks.RunAsync(check, bucket.Open);
    }
}
