using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;

namespace Ledger.Core.Notifications;

/// <summary>Section <c>Smtp</c>, of the workers alone.</summary>
public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Smtp";

    /// <summary>The mail server. Unset: no mail goes out from here.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    /// <summary>The sender's address, e.g. <c>ledger@example.com</c>.</summary>
    public string? From { get; set; }

    /// <summary>For servers that ask for it; together with <see cref="Password"/>, and with <see cref="StartTls"/> unless the server is on
    /// loopback.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>True: STARTTLS, and nothing is sent to a server that does not offer it. False: plain.</summary>
    public bool StartTls { get; set; }

    internal bool IsConfigured => !string.IsNullOrEmpty(Host);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!IsConfigured) yield break;
        if (!MailAddress.TryCreate(From, out var from) || from.Address != From)
            yield return new ValidationResult("must be one address, e.g. ledger@example.com.", [nameof(From)]);
        if ((UserName is null) != (Password is null))
            yield return new ValidationResult("UserName and Password are set together, or neither.", [nameof(UserName)]);
        else if (Password?.Contains("${", StringComparison.Ordinal) == true)
            yield return new ValidationResult("still reads ${…}: the variable that it stands for was not set.", [nameof(Password)]);
        if (UserName is not null && !StartTls && !IsLoopback(Host!))
            yield return new ValidationResult("a password is sent with StartTls=true alone, except on loopback.", [nameof(StartTls)]);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}
