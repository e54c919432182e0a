namespace Ledger.Testing.Telemetry;

/// <param name="Attributes">Values as texts.</param>
/// <param name="Kind">1 internal, 2 server, 3 client.</param>
/// <param name="Status">0 unset, 1 ok, 2 error.</param>
/// <param name="Links">Trace and span ids.</param>
public sealed record ReceivedSpan(string Service, string Source, string TraceId, string SpanId, string ParentId, string Name, int Kind,
    int Status, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<(string TraceId, string SpanId)> Links);

/// <param name="Kind"><c>gauge</c>, <c>counter</c>, <c>updowncounter</c> or <c>histogram</c>.</param>
/// <param name="Points">Each point's labels and value: of a histogram its count.</param>
/// <param name="Bounds">A histogram's bucket bounds.</param>
public sealed record ReceivedMetric(string Service, string Meter, string Name, string Unit, string Kind,
    IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)> Points, IReadOnlyList<double> Bounds);

/// <param name="Severity">9 information, 13 warning, 17 error, 21 critical.</param>
public sealed record ReceivedLog(string Service, string Category, int Severity, string Body, string TraceId,
    IReadOnlyDictionary<string, string> Attributes);
