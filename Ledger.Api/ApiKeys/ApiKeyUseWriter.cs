using Ledger.Core.ApiKeys;

namespace Ledger.Api.ApiKeys;

/// <summary>Writes down when keys were used, beside the requests that use them. A use that cannot be written is not worth a second try: the
/// next request tells it again.</summary>
internal sealed class ApiKeyUseWriter(ApiKeyUses uses, TimeProvider time, ILogger<ApiKeyUseWriter> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await uses.WriteNextAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception e)
            {
                log.LogWarning("the last use of an API key cannot be written now: {Reason}", e.Message);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }
}
