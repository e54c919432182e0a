using Ledger.Core.Entries;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Operations;

/// <summary>Whether the store of high-water marks can be read: without it nothing new is signed, and no fresh process appends.</summary>
internal sealed class MarksProbe(IMarkedSize marks)
{
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await marks.ReadAsync(TenantId.PlatformAudit, 1, cancel);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
