using Ledger.Core.Telemetry;

namespace Ledger.Core.Signing;

/// <summary><c>ledger.signer.duration|failures{operation}</c>: what the signer is asked for, by what for.</summary>
public sealed class SignerMetrics(LedgerMeter meter)
{
    private readonly CallMetrics calls = new(meter, "ledger.signer", "Calls to the signer");

    internal MeasuredCall Start(KeyPurpose purpose) => calls.Start(OperationOf(purpose));

    /// <summary>The call succeeded, and what it brought is no good.</summary>
    internal void Refused(KeyPurpose purpose) => calls.Fail(CallMetrics.Tag("operation", OperationOf(purpose)));

    /// <summary>Both of a tenant's keys for transparency logs are its anchoring's.</summary>
    internal static string OperationOf(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Entry => "entry_sign",
        KeyPurpose.Checkpoint => "checkpoint_sign",
        _ => "anchor_sign",
    };
}
