using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Core.Anchoring;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Doctor;

/// <summary>Whether the timestamping authority stamps what it is given, by the pinned chain and by a clock like ours.</summary>
public sealed class TimestampingCheck(TimestampClient client, TransparencyLogs logs, TimeProvider time) : IDoctorCheck
{
    /// <summary>A certificate that ends within this time is to be replaced, here and in what verifies.</summary>
    public static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(30);

    private const int NonceBytes = 32;

    public string Name => "timestamping";

    public TimeSpan Patience => TimeSpan.FromSeconds(15);

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        if (!client.IsConfigured || logs.Root.TimestampAuthorities is not [var authority, ..])
            return Verdict.Absent("no timestamping authority is configured (Timestamping:Url)");
        var stamped = RandomNumberGenerator.GetBytes(NonceBytes);
        byte[] token;
        try
        {
            token = await client.StampAsync(stamped, cancel);
        }
        catch (LogException e) when (e.Class == LogFailureClass.Network)
        {
            return Verdict.Fail($"{authority.Uri} gives no timestamp: {e.Message}");
        }
        catch (LogException e)
        {
            return Verdict.Fail($"{authority.Uri} is not the authority of Timestamping:Certificates, or not sound: {e.Message}");
        }
        if (TimestampToken.Verify(token, stamped, [authority], out var theirs) is not null)
            return Verdict.Fail($"{authority.Uri}: its timestamp does not verify twice");
        return Judge(authority, theirs - time.GetUtcNow(), Ends(authority.Certificates), time.GetUtcNow());
    }

    /// <param name="skew">How far its clock is ahead of ours.</param>
    /// <param name="ends">When the first of its certificates ends.</param>
    internal static Verdict Judge(TrustedTimestampAuthority authority, TimeSpan skew, DateTimeOffset ends, DateTimeOffset now)
    {
        var found = new List<Verdict>();
        if (skew.Duration() > LogWarnings.ClockTolerance)
            found.Add(Verdict.Warn(string.Create(CultureInfo.InvariantCulture,
                $"its clock is {skew.TotalSeconds:0} s ahead of ours: one of the two is wrong")));
        var end = ends.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (ends <= now) found.Add(Verdict.Fail($"a certificate of its chain ended on {end}"));
        else if (ends - now < CertificateNotice) found.Add(Verdict.Warn($"a certificate of its chain ends on {end}: pin the next one"));
        return Verdict.Worst(found, string.Create(CultureInfo.InvariantCulture,
            $"{authority.Uri}, by the pinned chain until {end}, {skew.TotalSeconds:0} s from ours"));
    }

    private static DateTimeOffset Ends(IReadOnlyList<byte[]> chain)
    {
        var first = DateTimeOffset.MaxValue;
        foreach (var der in chain)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
            if (end < first) first = end;
        }
        return first;
    }
}
