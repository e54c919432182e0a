using Ledger.DevHost.Commands;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Tests.Commands;

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
            "--keycloak", "http://keycloak.example", "--postgres", "postgresql://u:p@db.example/ledger",
            "--rekor", "https://rekor.example", "--rekor-version", "2", "--rekor-key", "log.pub", "--rekor-origin", "log.example");

        Assert.Equal(("s", 9000, "t", false), (options!.State, options.ApiPort, options.VaultToken, options.EmulatorsOnly));
        Assert.Equal((new Uri("https://vault.example:8200"), new Uri("http://keycloak.example")), (options.Vault, options.Keycloak));
        Assert.Contains("Host=db.example", options.Postgres, StringComparison.Ordinal);
        Assert.Equal(new RekorChoice(new Uri("https://rekor.example"), 2, "log.pub", "log.example"), options.Rekor);
    }

    [Fact]
    public void A_Rekor_without_a_version_or_an_origin_is_v1_and_tells_its_name_itself()
    {
        var (options, _) = CommandLine.Parse("--rekor", "https://rekor.example", "--rekor-key", "log.pub");

        Assert.Equal(new RekorChoice(new Uri("https://rekor.example"), 1, "log.pub", null), options!.Rekor);
    }

    [Fact]
    public void Realm_files_of_ones_own_are_a_folder_that_exists()
    {
        Assert.Equal(Path.GetFullPath("."), CommandLine.Parse("--emulators-only", "--realms", ".").Options!.Realms);
    }

    [Theory]
    [InlineData("--realms: there is no folder nowhere", "--realms", "nowhere")]
    [InlineData("--realms is for the emulator; it does not go with --keycloak", "--realms", ".", "--keycloak", "http://k")]
    [InlineData("--api-port: a port is 1 to 65535", "--api-port", "0")]
    [InlineData("--vault and --vault-token go together", "--vault", "http://v.example")]
    [InlineData("--vault and --vault-token go together", "--vault-token", "t")]
    [InlineData("--vault: v.example is not an http:// or https:// URL", "--vault", "v.example", "--vault-token", "t")]
    [InlineData("--keycloak: ftp://k is not an http:// or https:// URL", "--keycloak", "ftp://k")]
    [InlineData("--emulators-only starts the emulators; it does not go with --vault, --keycloak, --postgres or --rekor",
        "--emulators-only", "--keycloak", "http://k")]
    [InlineData("--emulators-only starts the emulators; it does not go with --vault, --keycloak, --postgres or --rekor",
        "--emulators-only", "--rekor", "http://r", "--rekor-key", "k")]
    [InlineData("--rekor and --rekor-key go together", "--rekor", "http://r")]
    [InlineData("--rekor and --rekor-key go together", "--rekor-key", "k")]
    [InlineData("--rekor-version and --rekor-origin go with --rekor", "--rekor-version", "2")]
    [InlineData("--rekor-version and --rekor-origin go with --rekor", "--rekor-origin", "o")]
    [InlineData("--rekor-version: Rekor's API is version 1 or 2", "--rekor", "http://r", "--rekor-key", "k", "--rekor-version", "3")]
    [InlineData("--rekor: r is not an http:// or https:// URL", "--rekor", "r", "--rekor-key", "k")]
    [InlineData("--postgres: not a postgresql:// URI with a host", "--postgres", "postgresql://")]
    [InlineData("Unrecognized command or argument 'append'.", "append")]
    public void What_is_wrong_is_named(string error, params string[] arguments)
    {
        var (options, errors) = CommandLine.Parse(arguments);

        Assert.Null(options);
        Assert.Equal([error], errors);
    }
}
