using System.Threading.Channels;

namespace Ledger.Core.Tests.Signing;

/// <summary>Lets sign calls arrive at a <see cref="FakeVault"/> and none go on until released.</summary>
internal sealed class HeldSigner
{
    private readonly Channel<bool> arrived = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldSigner(FakeVault vault) => vault.Instead = async (request, _) =>
    {
        if (request.Method != HttpMethod.Post) return null;
        arrived.Writer.TryWrite(true);
        await released.Task;
        return null;
    };

    /// <summary>Returns when one more call has arrived.</summary>
    public async Task NextCallAsync() => await arrived.Reader.ReadAsync();

    public void Release() => released.SetResult();
}
