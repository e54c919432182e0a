using System.ComponentModel.DataAnnotations;
using Ledger.Core.Notifications;
using Ledger.Core.People;

namespace Ledger.Core.Tests.People;

/// <summary>Whether a secret may go where the configuration sends it.</summary>
public sealed class PeopleOptionsTests
{
    [Theory]
    [InlineData("https://id.example.com", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://id.example.com", false)]
    [InlineData("http://keycloak:8080", false)]
    [InlineData("http://localhost.example.com", false)]
    [InlineData("http://10.0.0.7", false)]
    [InlineData("ftp://localhost", false)]
    public void The_clients_secret_goes_over_https_or_stays_on_this_machine(string address, bool isTaken) =>
        Assert.Equal(isTaken, IsValid(new PeopleOptions { KeycloakAddress = new Uri(address), ClientSecret = "secret" }));

    [Theory]
    [InlineData("mail.example.com", true, true)]
    [InlineData("mail.example.com", false, false)]
    [InlineData("10.0.0.7", false, false)]
    [InlineData("localhost", false, true)]
    [InlineData("127.0.0.1", false, true)]
    public void A_mail_servers_password_goes_over_TLS_or_stays_on_this_machine(string host, bool startTls, bool isTaken)
    {
        var options = new SmtpOptions { Host = host, From = "ledger@example.com", StartTls = startTls };
        Assert.True(IsValid(options)); // no password, nothing to keep
        (options.UserName, options.Password) = ("ledger", "secret");
        Assert.Equal(isTaken, IsValid(options));
    }

    private static bool IsValid(object options) => Validator.TryValidateObject(options, new ValidationContext(options), null, true);
}
