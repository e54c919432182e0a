using System.Diagnostics;
using System.Threading.Channels;
using Ledger.Core.Problems;
using Ledger.Core.Telemetry;

namespace Ledger.Core.Signing;

/// <summary>Signs entries for all tenants of this process: what arrives while a Vault call is under way shares the next one.</summary>
public sealed class EntrySigner : IAsyncDisposable
{
    /// <summary>Messages in one Vault call, unless a single request brings more.</summary>
    public const int MessagesPerCall = 512;

    /// <summary>Messages of all tenants that may wait while Vault is slow; beyond it a caller is told to come back.</summary>
    public const int WaitingMessages = 20_000;

    private const int CallsUnderWay = 2; // one being signed while another is being verified here

    private readonly Channel<Request> waiting = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = false });
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] pumps;
    private int waitingMessages;

    public EntrySigner(VerifiedSigner signer, KeyNames names)
    {
        pumps = [.. Enumerable.Range(0, CallsUnderWay).Select(_ => LedgerSpans.Detach(() => PumpAsync(signer, names.Entry)))];
    }

    /// <summary>One outcome per message, in order. A fault of the whole call is the fault of every message in it.</summary>
    /// <exception cref="LedgerProblemException">overloaded, or what the signer failed with.</exception>
    public async Task<SignOutcome[]> SignAsync(IReadOnlyList<byte[]> messages, CancellationToken cancel)
    {
        if (messages.Count == 0) return [];
        if (Interlocked.Add(ref waitingMessages, messages.Count) > WaitingMessages)
        {
            Interlocked.Add(ref waitingMessages, -messages.Count);
            throw new LedgerProblemException(ProblemTypes.Overloaded, "Too many appends are waiting for the signer; nothing was written.");
        }
        var request = new Request(messages, cancel);
        await waiting.Writer.WriteAsync(request, CancellationToken.None);
        try { return await request.Done.Task.WaitAsync(cancel); }
        finally { LedgerSpans.LinkHere(request.SignedBy); }
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
                Interlocked.Add(ref waitingMessages, -request.Messages.Count);
                if (request.Given.IsCancellationRequested) continue; // nobody waits for this one any more
                group.Add(request);
                messages.AddRange(request.Messages);
            }
            if (group.Count == 0) continue;
            await SignGroupAsync(signer, keyName, group, messages);
        }
    }

    private async Task SignGroupAsync(VerifiedSigner signer, string keyName, List<Request> group, List<byte[]> messages)
    {
        using var span = LedgerSpans.StartShared("ledger.sign_batch", group.Select(request => request.WaitedForBy));
        if (span is not null)
        {
            span.SetTag("ledger.requests", group.Count).SetTag("ledger.messages", messages.Count);
            foreach (var request in group) request.SignedBy = span.Context;
        }
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
            span.Fail(e is LedgerProblemException problem ? problem.Problem.Type.Slug : e.GetType().Name);
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

    /// <param name="Given">Cancelled when the caller gave up.</param>
    private sealed record Request(IReadOnlyList<byte[]> Messages, CancellationToken Given)
    {
        public ActivityContext WaitedForBy { get; } = LedgerSpans.Here;

        public ActivityContext SignedBy { get; set; }

        public TaskCompletionSource<SignOutcome[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
