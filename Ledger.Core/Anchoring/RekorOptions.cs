using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Anchoring;

/// <summary>Section <c>Rekor</c>: the transparency logs, primary first. None: nothing is anchored.</summary>
public sealed class RekorOptions : IValidatableObject
{
    public const string Section = "Rekor";

    public IList<RekorLogOptions> Logs { get; } = [];

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var faults = Logs.SelectMany((log, i) => log.Faults().Select(fault => $"{Section}:Logs:{i}:{fault}")).ToList();
        // An id needs a key and an origin: there is none before the other faults are mended.
        if (faults.Count == 0) faults.AddRange(Twice());
        return faults.Select(fault => new ValidationResult(fault));
    }

    // The same key behind two addresses is one log: its entries would be submitted twice, its second proof prove nothing more.
    private IEnumerable<string> Twice() =>
        Logs.Select((log, i) => (Id: PinnedLog.Of(log).LogId, i)).GroupBy(log => log.Id).Where(same => same.Count() > 1)
            .Select(same => $"{Section}:Logs:{same.Last().i}:PublicKey: is the key of {Section}:Logs:{same.First().i} too; one log is "
                + "configured once.");
}
