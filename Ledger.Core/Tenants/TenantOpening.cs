using System.Text.Json;
using Ledger.Core.Checkpoints;
using Ledger.Core.Jobs;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tenants;

/// <summary>Opens the tenants that operators asked for. The job is done in the transaction that makes the tenant active, so a crash at any
/// step leaves a job that goes on from there.</summary>
public sealed class TenantOpening(LogOpening opening, JobQueue queue) : IJobHandler
{
    /// <summary>Failures that count until the job is a dead letter, those of the network not among them: what is left is a person's to
    /// decide, such as a name that was used before.</summary>
    public const int MaxAttempts = 5;

    public string Queue => JobQueues.TenantOpenings;

    public string? TransparencyLog => null;

    public int Concurrency => 2;

    /// <param name="actor">Who asked for the tenant.</param>
    public static NewJob Job(TenantId tenant, string actor) =>
        new(tenant, JobQueues.TenantOpenings, JsonSerializer.Serialize(new { actor }), MaxAttempts: MaxAttempts);

    public ValueTask<int> RoomAsync(CancellationToken cancel) => ValueTask.FromResult(Concurrency);

    public async Task HandleAsync(Job job, CancellationToken cancel)
    {
        try
        {
            await opening.OpenAskedAsync(job.Tenant, ActorOf(job.Args), t => queue.CompleteAsync(t, job, cancel), cancel);
        }
        catch (LogOpeningException e)
        {
            throw new JobFailedException(JobErrorClass.Config, e.Message, inner: e);
        }
        catch (IOException e)
        {
            throw new JobFailedException(JobErrorClass.Network, $"high-water mark: {e.Message}", inner: e);
        }
        catch (LedgerProblemException e)
        {
            // What is worth another try says when: the signer is away. Else its keys are not what they were.
            var pause = e.Problem.Type.RetryAfterSeconds;
            throw new JobFailedException(pause is null ? JobErrorClass.Config : JobErrorClass.Network,
                $"{e.Problem.Type}: {e.Message}", inner: e);
        }
    }

    // Raw: {"actor":"3f0c…@ledger-platform"}
    private static string ActorOf(string args)
    {
        using var json = JsonDocument.Parse(args);
        return json.RootElement.GetProperty("actor").GetString()!;
    }
}
