using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Signing;

/// <summary>Section <c>Vault</c>.</summary>
public sealed class VaultOptions : IValidatableObject
{
    public const string Section = "Vault";

    /// <summary>Where Vault listens, e.g. <c>https://vault.example.com:8200</c>. Alias: VAULT_ADDR.</summary>
    [Required]
    public Uri? Address { get; set; }

    /// <summary>The API's token: may sign with the entry key and read it, nothing else. Alias: VAULT_TOKEN.</summary>
    public string? EntryToken { get; set; }

    /// <summary>The workers' token: signs with every ledger key and makes those of new tenants. Alias: VAULT_TOKEN.</summary>
    public string? WorkerToken { get; set; }

    /// <summary>Where the transit engine is mounted. Default <c>transit</c>.</summary>
    [Required, RegularExpression("[A-Za-z0-9._/-]+")]
    public string Mount { get; set; } = "transit";

    /// <summary>The name of the entry key; the other keys' names begin with it.
    /// Default <c>ledger-ed25519</c>. Alias: VAULT_TRANSIT_KEY.</summary>
    [Required, RegularExpression("[A-Za-z0-9._-]+")]
    public string TransitKey { get; set; } = "ledger-ed25519";

    /// <summary>Which of the two tokens this process signs with; set by the host, not by configuration.</summary>
    public VaultCaller Caller { get; set; } = VaultCaller.Api;

    internal string? Token => Caller == VaultCaller.Api ? EntryToken : WorkerToken;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!Address!.IsAbsoluteUri || (Address.Scheme != Uri.UriSchemeHttps && Address.Scheme != Uri.UriSchemeHttp))
            yield return new ValidationResult("must be an absolute http(s) URL, e.g. https://vault.example.com:8200.", [nameof(Address)]);
        // It travels in a header; a line end at a file's end would fail every call instead of the start.
        if (Token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return new ValidationResult("may hold visible ASCII only.",
                [Caller == VaultCaller.Api ? nameof(EntryToken) : nameof(WorkerToken)]);
    }
}

public enum VaultCaller { Api, Worker }
