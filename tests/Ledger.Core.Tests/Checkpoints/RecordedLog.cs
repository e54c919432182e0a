using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>What was logged, so that a test can ask for an alert.</summary>
internal sealed class RecordedLog
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = new();

    public IEnumerable<string> Alerts => lines.Where(l => l.Level == LogLevel.Critical).Select(l => l.Text);

    public override string ToString() => string.Join('\n', lines.Select(l => $"{l.Level}: {l.Text}"));

    public ILogger<T> For<T>() => new Recorder<T>(this);

    private sealed class Recorder<T>(RecordedLog log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            log.lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
