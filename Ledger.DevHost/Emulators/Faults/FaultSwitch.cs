namespace Ledger.DevHost.Emulators.Faults;

/// <summary>What an emulator has been told to fail at, newest first; shared by its requests and the control endpoint.</summary>
public sealed class FaultSwitch
{
    private readonly Lock gate = new();
    private readonly List<(Fault Fault, int? Left)> faults = [];

    /// <summary>Adds a fault in front of those already set. <see cref="FaultMode.Ok"/> clears them all.</summary>
    public void Set(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (gate)
        {
            if (fault.Mode == FaultMode.Ok)
                faults.Clear();
            else
                faults.Insert(0, (fault, fault.Count));
        }
    }

    /// <summary>The same in short.</summary>
    public void Set(FaultMode mode, string pathPrefix = "", int? count = null)
        => Set(new Fault(mode) { PathPrefix = pathPrefix, Count = count });

    /// <summary>Everything answers as the real server again.</summary>
    public void Clear()
    {
        lock (gate)
            faults.Clear();
    }

    /// <summary>Takes back the faults of one kind.</summary>
    internal void Remove(FaultMode mode)
    {
        lock (gate)
            faults.RemoveAll(f => f.Fault.Mode == mode);
    }

    /// <summary>The faults in force now, newest first, each with the requests it still has to hit.</summary>
    public IReadOnlyList<Fault> Current
    {
        get
        {
            lock (gate)
                return [.. faults.Select(f => f.Fault with { Count = f.Left })];
        }
    }

    /// <summary>The fault that hits this request, counted down, or null.</summary>
    internal Fault? Take(string path)
    {
        lock (gate)
        {
            for (var i = 0; i < faults.Count; i++)
            {
                var (fault, left) = faults[i];
                if (!path.StartsWith(fault.PathPrefix, StringComparison.Ordinal))
                    continue;
                if (left is <= 1)
                    faults.RemoveAt(i);
                else if (left is not null)
                    faults[i] = (fault, left - 1);
                return fault;
            }
            return null;
        }
    }
}
