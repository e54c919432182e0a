using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Ledger.Api.Tests.Fixture;

/// <summary>The other end of the test server's connections, which has no address of its own: loopback, or what the request's header says
/// that only this filter sees.</summary>
internal sealed class Peer : IStartupFilter
{
    /// <summary>An address, or <see cref="None"/>.</summary>
    public const string Header = "Test-Peer";

    /// <summary>A connection without an address: a Unix socket.</summary>
    public const string None = "none";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            var given = context.Request.Headers[Header];
            context.Connection.RemoteIpAddress = given.Count == 0 ? IPAddress.Loopback
                : given == None ? null : IPAddress.Parse(given.ToString());
            context.Request.Headers.Remove(Header);
            return rest(context);
        });
        next(app);
    };
}
