namespace Ledger.Api.Tenancy;

/// <summary>Section <c>Identity</c>: whose tokens are believed.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    public IList<IssuerOptions> Issuers { get; } = [];

    /// <summary>Where a default name is taken already, by a name that is set or by an issuer before, it becomes the longer one.</summary>
    public void SettleNames()
    {
        var taken = Issuers.Select(issuer => issuer.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var issuer in Issuers.Where(issuer => string.IsNullOrEmpty(issuer.Name)))
            issuer.Name = taken.Add(issuer.EffectiveName) ? issuer.EffectiveName : IssuerName.Long(issuer.Issuer);
    }

    /// <summary>The first thing wrong, as a line an operator can act on; null when all is well.</summary>
    public string? Fault()
    {
        if (Issuers.Count == 0) return "Identity:Issuers:0:Issuer is missing: without an issuer no token can be valid.";
        for (var i = 0; i < Issuers.Count; i++)
        {
            if (Issuers[i].Fault() is { } fault) return $"Identity:Issuers:{i}:{fault}";
        }
        if (Issuers.DistinctBy(issuer => issuer.Issuer, StringComparer.Ordinal).Count() < Issuers.Count)
            return "Identity:Issuers names an issuer twice.";
        return Issuers.DistinctBy(issuer => issuer.EffectiveName, StringComparer.Ordinal).Count() < Issuers.Count
            ? "Identity:Issuers gives two issuers one Name: whoever has the same subject at both would be one principal." : null;
    }
}
