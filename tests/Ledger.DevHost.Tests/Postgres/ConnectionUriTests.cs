using Ledger.DevHost.Postgres;
using Npgsql;

namespace Ledger.DevHost.Tests.Postgres;

public sealed class ConnectionUriTests
{
    [Fact]
    public void Keywords_become_a_uri_with_everything_escaped() =>
        Assert.Equal("postgresql://owner:p%40ss%2Fword@127.0.0.1:5433/led%20ger",
            ConnectionUri.FromNpgsql("Host=127.0.0.1;Port=5433;Username=owner;Password=p@ss/word;Database=led ger"));

    [Theory]
    [InlineData("postgresql://u:p@db.example:5432/d?sslmode=require")]
    [InlineData("postgresql://u:p@db.example:5432/d?sslmode=verify-ca")]
    [InlineData("postgresql://u:p@db.example:5432/d")]
    public void A_uri_comes_back_as_it_was(string uri) => Assert.Equal(uri, ConnectionUri.FromNpgsql(ConnectionUri.ToNpgsql(uri)));

    [Theory]
    [InlineData("postgresql://owner:p%40ss@db.example:5433/ledger?sslmode=verify-full", "db.example", 5433, "p@ss", SslMode.VerifyFull)]
    [InlineData("postgres://owner@db.example/ledger", "db.example", 5432, null, SslMode.Prefer)]
    [InlineData("Host=db.example;Username=owner;Database=ledger", "db.example", 5432, null, SslMode.Prefer)]
    public void A_uri_or_keywords_become_keywords(string given, string host, int port, string? password, SslMode ssl)
    {
        var parts = new NpgsqlConnectionStringBuilder(ConnectionUri.ToNpgsql(given));

        Assert.Equal((host, port, password, ssl), (parts.Host, parts.Port, parts.Password, parts.SslMode));
        Assert.Equal(("owner", "ledger"), (parts.Username, parts.Database));
    }

    [Theory]
    [InlineData("postgresql://")]
    [InlineData("postgresql://u@h/d?options=-c%20x")]
    [InlineData("postgresql://u@h/d?sslmode=sometimes")]
    [InlineData("ledger")]
    public void Anything_else_is_refused(string given) => Assert.Throws<FormatException>(() => ConnectionUri.ToNpgsql(given));
}
