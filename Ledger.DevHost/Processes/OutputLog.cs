namespace Ledger.DevHost.Processes;

/// <summary>The output of a process, both streams: the last lines in memory, all of them in a file when one is given.</summary>
internal sealed class OutputLog : IDisposable
{
    private const int LinesKept = 400;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly StreamWriter? _file;
    private bool _closed;

    public OutputLog(string? file)
    {
        if (file is not null)
            _file = new StreamWriter(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _file?.WriteLine(line);
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
            foreach (var waiter in _waiting.Where(w => w.Wanted(line)).ToList())
            {
                _waiting.Remove(waiter);
                waiter.Found.TrySetResult(line);
            }
        }
    }

    /// <summary>The first line, of those kept or still to come, that is wanted.</summary>
    public Task<string> FirstAsync(Func<string, bool> wanted)
    {
        lock (_lock)
        {
            if (_lines.FirstOrDefault(wanted) is { } line)
                return Task.FromResult(line);
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, found));
            return found.Task;
        }
    }

    public string Tail(int lines = 20)
    {
        lock (_lock)
            return string.Join('\n', _lines.TakeLast(lines));
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file?.Dispose();
        }
    }
}
