using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ledger.AppHost.Rekor;

/// <summary>
/// Whether a MySQL is ready: it speaks first, a packet of protocol 10 (<c>4a 00 00 00 0a 38 2e …</c>: length, sequence, 10, version). An
/// open port says nothing, since the container engine opens it before the server listens.
/// </summary>
internal sealed class MysqlGreeting(EndpointReference endpoint) : IHealthCheck
{
    private const int ProtocolAt = 4, Protocol = 10;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var host = await endpoint.Property(EndpointProperty.Host).GetValueAsync(cancellationToken);
        var port = await endpoint.Property(EndpointProperty.Port).GetValueAsync(cancellationToken);
        return await AskAsync(host!, int.Parse(port!, CultureInfo.InvariantCulture), cancellationToken);
    }

    public static async Task<HealthCheckResult> AskAsync(string host, int port, CancellationToken cancel)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancel);
            var packet = new byte[ProtocolAt + 1];
            await client.GetStream().ReadExactlyAsync(packet, cancel);
            return packet[ProtocolAt] == Protocol ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("no greeting of MySQL");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
