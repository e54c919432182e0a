using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tenancy;

/// <summary>The token buckets of this process: each holds twice its rate and is filled steadily. What is full and unused for ten seconds is
/// dropped. Principals and tenants are no more than the issuers and the ledger know; addresses are anybody's to choose, so they share a
/// fixed number of buckets, by a hash that nobody can foretell.</summary>
internal sealed class RateLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    /// <summary>Buckets of addresses at most. Two addresses in one share its rate.</summary>
    public const int AddressBuckets = 65_536;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Beyond an IPv6 subnet's prefix the caller chooses its address as it likes.
    private const int SubnetBytes = 8;

    private readonly PartitionedRateLimiter<string> principals = Of<string>(PerSecond(options.Value.RequestsPerSecond));
    private readonly PartitionedRateLimiter<int> addresses = Of<int>(PerSecond(options.Value.PublicRequestsPerSecond));
    private readonly PartitionedRateLimiter<int> newTokens = Of<int>(PerSecond(options.Value.NewTokensPerSecond));
    private readonly PartitionedRateLimiter<int> acceptances = Of<int>(PerMinute(options.Value.AcceptancesPerMinute));

    // The rate is part of the key: a tenant whose limit is changed begins anew.
    private readonly PartitionedRateLimiter<(TenantId Tenant, int Rate)> tenants =
        PartitionedRateLimiter.Create<(TenantId Tenant, int Rate), (TenantId Tenant, int Rate)>(
            tenant => RateLimitPartition.GetTokenBucketLimiter(tenant, static t => PerSecond(t.Rate)));

    /// <returns>How long to wait; null where the request may go on. So for the others.</returns>
    public TimeSpan? TakeForPrincipal(string principal) => Take(principals, principal);

    public TimeSpan? TakeForTenant(TenantId tenant, int requestsPerSecond) => Take(tenants, (tenant, requestsPerSecond));

    public TimeSpan? TakeForAddress(IPAddress? address) => Take(addresses, Bucket(address));

    public TimeSpan? TakeForNewToken(IPAddress? address) => Take(newTokens, Bucket(address));

    public TimeSpan? TakeForAcceptance(IPAddress? address) => Take(acceptances, Bucket(address));

    public void Dispose()
    {
        principals.Dispose();
        addresses.Dispose();
        newTokens.Dispose();
        acceptances.Dispose();
        tenants.Dispose();
    }

    /// <summary>The bucket of an address; connections without one share theirs.</summary>
    internal static int Bucket(IPAddress? address)
    {
        var hash = new HashCode(); // seeded anew in each process
        var bytes = (address ?? IPAddress.IPv6None).GetAddressBytes().AsSpan();
        hash.AddBytes(address?.AddressFamily == AddressFamily.InterNetworkV6 ? bytes[..SubnetBytes] : bytes);
        return (int)((uint)hash.ToHashCode() % AddressBuckets);
    }

    private static TimeSpan? Take<T>(PartitionedRateLimiter<T> limiter, T key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : Second;
    }

    private static PartitionedRateLimiter<T> Of<T>(TokenBucketRateLimiterOptions bucket) where T : notnull =>
        PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket));

    private static TokenBucketRateLimiterOptions PerSecond(int rate) => Bucket(2 * rate, rate, Second);

    private static TokenBucketRateLimiterOptions PerMinute(int rate) => Bucket(rate, 1, TimeSpan.FromMinutes(1) / rate);

    private static TokenBucketRateLimiterOptions Bucket(int atOnce, int tokens, TimeSpan period) => new()
    {
        TokenLimit = atOnce, TokensPerPeriod = tokens, ReplenishmentPeriod = period, QueueLimit = 0,
        AutoReplenishment = false, // one timer fills all
    };
}
