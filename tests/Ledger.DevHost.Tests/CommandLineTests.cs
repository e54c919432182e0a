namespace Ledger.DevHost.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Nothing_given_means_our_own_everything()
    {
        var (options, _) = CommandLine.Parse();

        Assert.Equal(new DevHostOptions { State = ".ledger", ApiPort = 8088 }, options);
    }

    [Fact]
    public void Every_option_is_taken()
    {
        var (options, _) = CommandLine.Parse("--state", "s", "--api-port", "9000",
            "--vault", "https://vault.example:8200", "--vault-token", "t",
            "--keycloak", "http://keycloak.example", "--postgres", "postgresql://u:p@db.example/ledger");

        Assert.Equal(("s", 9000, "t", false), (options!.State, options.ApiPort, options.VaultToken, options.EmulatorsOnly));
        Assert.Equal((new Uri("https://vault.example:8200"), new Uri("http://keycloak.example")), (options.Vault, options.Keycloak));
        Assert.Contains("Host=db.example", options.Postgres, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--api-port: a port is 1 to 65535", "--api-port", "0")]
    [InlineData("--vault and --vault-token go together", "--vault", "http://v.example")]
    [InlineData("--vault and --vault-token go together", "--vault-token", "t")]
    [InlineData("--vault: v.example is not an http:// or https:// URL", "--vault", "v.example", "--vault-token", "t")]
    [InlineData("--keycloak: ftp://k is not an http:// or https:// URL", "--keycloak", "ftp://k")]
    [InlineData("--emulators-only starts the emulators; it does not go with --vault, --keycloak or --postgres",
        "--emulators-only", "--keycloak", "http://k")]
    [InlineData("--postgres: not a postgresql:// URI with a host", "--postgres", "postgresql://")]
    [InlineData("Unrecognized command or argument 'append'.", "append")]
    public void What_is_wrong_is_named(string error, params string[] arguments)
    {
        var (options, errors) = CommandLine.Parse(arguments);

        Assert.Null(options);
        Assert.Equal([error], errors);
    }
}
