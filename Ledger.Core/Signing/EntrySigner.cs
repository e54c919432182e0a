using System.Threading.Channels;

namespace Ledger.Core.Signing;

/// <summary>Signs entries for all tenants of this process: what arrives while a Vault call is under way shares the next one.</summary>
public sealed class EntrySigner : IAsyncDisposable
{
    /// <summary>Messages in one Vault call, unless a single request brings more.</summary>
    public const int MessagesPerCall = 512;

    private const int CallsUnderWay = 2; // one being signed while another is being verified here

    private readonly Channel<Request> waiting = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = false });
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] pumps;

    public EntrySigner(VerifiedSigner signer, KeyNames names)
    {
        pumps = [.. Enumerable.Range(0, CallsUnderWay).Select(_ => PumpAsync(signer, names.Entry))];
    }

    /// <summary>One outcome per message, in order. A fault of the whole call is the fault of every message in it.</summary>
    public async Task<SignOutcome[]> SignAsync(IReadOnlyList<byte[]> messages, CancellationToken cancel)
    {
        if (messages.Count == 0) return [];
        var request = new Request(messages);
        await waiting.Writer.WriteAsync(request, cancel);
        return await request.Done.Task.WaitAsync(cancel);
    }

    private async Task PumpAsync(VerifiedSigner signer, string keyName)
    {
        var group = new List<Request>();
        var messages = new List<byte[]>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            messages.Clear();
            while (messages.Count < MessagesPerCall && waiting.Reader.TryRead(out var request))
            {
                group.Add(request);
                messages.AddRange(request.Messages);
            }
            if (group.Count == 0) continue;
            await SignGroupAsync(signer, keyName, group, messages);
        }
    }

    private async Task SignGroupAsync(VerifiedSigner signer, string keyName, List<Request> group, List<byte[]> messages)
    {
        try
        {
            var outcomes = await signer.SignAsync(keyName, KeyPurpose.Entry, null, messages, stopping.Token);
            var at = 0;
            foreach (var request in group)
            {
                request.Done.TrySetResult(outcomes[at..(at + request.Messages.Count)]);
                at += request.Messages.Count;
            }
        }
        catch (Exception e)
        {
            foreach (var request in group) request.Done.TrySetException(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(TimeSpan.FromSeconds(1)));
        await stopping.CancelAsync();
        await Task.WhenAll(pumps);
        stopping.Dispose();
    }

    private sealed record Request(IReadOnlyList<byte[]> Messages)
    {
        public TaskCompletionSource<SignOutcome[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
