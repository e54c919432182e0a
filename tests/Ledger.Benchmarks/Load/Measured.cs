namespace Ledger.Benchmarks.Load;

/// <summary>What a run gave: how many per second, and how long each took.</summary>
internal sealed record Measured(double PerSecond, double P50Milliseconds, double P99Milliseconds, long Failures)
{
    public static Measured Of(List<double> milliseconds, TimeSpan elapsed, long failures, int each = 1)
    {
        milliseconds.Sort();
        double At(double part) =>
            milliseconds.Count == 0 ? double.NaN : milliseconds[Math.Min(milliseconds.Count - 1, (int)(milliseconds.Count * part))];
        return new Measured(milliseconds.Count * each / elapsed.TotalSeconds, At(0.50), At(0.99), failures);
    }
}
