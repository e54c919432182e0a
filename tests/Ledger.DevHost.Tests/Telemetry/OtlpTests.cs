using Ledger.Testing.Attributes;
using Ledger.Testing.Telemetry;

namespace Ledger.DevHost.Tests.Telemetry;

/// <summary>What an OTLP viewer shows of a DevHost that was started with OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
[Collection(ObservedRun.Name)]
public sealed class OtlpTests(ObservedStack stack)
{
    private IReadOnlyCollection<ReceivedSpan> Spans => stack.Received.Spans;

    [PostgresFact(linux: true)]
    public void An_append_is_one_trace_over_Vault_and_PostgreSQL()
    {
        var trace = Spans.Where(span => span.TraceId == stack.AppendTrace).ToList();
        var request = Assert.Single(trace, span => span is { Kind: 2, Service: "ledger-api" });
        Assert.Equal("POST /append", request.Name);
        var signing = Assert.Single(trace, span => span.Name == "ledger.sign_batch");
        // A process's first commit may be begun anew: the mark that it was to go by was read before the server was known.
        var commits = trace.Where(span => span.Name == "ledger.group_commit").ToList();
        Assert.InRange(commits.Count, 1, 2);
        Assert.All(commits.Prepend(signing), span => Assert.Equal(request.SpanId, span.ParentId));
        Assert.Contains(trace, span => span.Source == "System.Net.Http" && span.ParentId == signing.SpanId
            && span.Attributes["url.full"].Contains("/v1/transit/sign/", StringComparison.Ordinal));
        Assert.Contains(trace, span => span.Source == "Npgsql" && span.ParentId == commits[^1].SpanId);
    }

    [PostgresFact(linux: true)]
    public void An_anchor_is_one_trace_from_the_claim_over_Vault_and_Rekor_to_PostgreSQL()
    {
        var whole = Spans.Where(span => span is { Name: "ledger.anchor", Service: "ledger-workers" }).Where(anchor =>
        {
            var trace = Spans.Where(span => span.TraceId == anchor.TraceId).ToList();
            return anchor.ParentId.Length == 0 && trace.Exists(span => span.Name == "ledger.claim")
                && Calls(trace, "/v1/transit/sign/") && Calls(trace, "/log/entries") && trace.Exists(span => span.Source == "Npgsql");
        });
        Assert.NotEmpty(whole);
        Assert.Contains(Spans, span => span is { Name: "ledger.checkpoint", ParentId: "" });
    }

    [PostgresFact(linux: true)]
    public void A_request_has_the_conventions_tags()
    {
        var tags = Spans.First(span => span is { Name: "POST /append", Kind: 2 } && span.TraceId == stack.AppendTrace).Attributes;
        Assert.Contains("http.route", tags.Keys);
        Assert.Equal(("POST", "/append", "201", "/append", "http"), (tags["http.request.method"], tags["http.route"].TrimEnd('/'),
            tags["http.response.status_code"], tags["url.path"], tags["url.scheme"]));
        Assert.True(tags.ContainsKey("server.address") && tags.ContainsKey("server.port"), string.Join(", ", tags.Keys));
        var failed = Spans.First(span => span.Kind == 2 && span.Attributes.GetValueOrDefault("http.response.status_code") == "503");
        Assert.Equal((2, "503", "/append"),
            (failed.Status, failed.Attributes["error.type"], failed.Attributes["http.route"].TrimEnd('/')));
        Assert.DoesNotContain(Spans, span => span.Status == 2 && span.Attributes.GetValueOrDefault("http.response.status_code") == "403"
            && span.Kind == 2);
    }

    [PostgresFact(linux: true)]
    public void Probes_and_idle_looks_for_work_leave_no_spans()
    {
        Assert.DoesNotContain(Spans, span => span.Attributes.GetValueOrDefault("url.path") is "/health" or "/alive");
        Assert.DoesNotContain(Spans, span => span is { Kind: 3, ParentId: "" });
        var known = Spans.Select(span => span.SpanId).ToHashSet();
        Assert.All(Spans, span => Assert.True(span.ParentId.Length == 0 || known.Contains(span.ParentId)
            || span.TraceId == stack.AppendTrace, $"{span.Service} {span.Name} is part of a span that was not kept"));
    }

    [PostgresFact(linux: true)]
    public void Commands_by_hand_are_traces_too()
    {
        var commands = Spans.Where(span => span.Name == "ledger.command").ToList();
        Assert.Contains(commands, span => span.Attributes["ledger.command"] == "migrate" && span.Attributes["process.exit.code"] == "0");
        Assert.Contains(commands, span => span.Attributes["ledger.command"] == "tenant add"
            && Spans.Any(inside => inside.ParentId == span.SpanId && inside.Source == "Npgsql"));
    }

    [PostgresFact(linux: true)]
    public void Every_program_says_who_it_is()
    {
        foreach (var service in (string[])["ledger-api", "ledger-workers"])
        {
            var resource = stack.Received.Resources.First(r => r["service.name"] == service);
            Assert.Matches(@"^\d+\.\d+\.\d+", resource["service.version"]);
            Assert.NotEmpty(resource["service.instance.id"]);
        }
    }

    [PostgresTheory]
    [InlineData("Entry ", " anchored to Rekor", 9)]
    [InlineData("Rekor anchoring failed", "", 13)]
    [InlineData("vault sign:", "", 17)]
    public void The_lines_that_runbooks_search_for_arrive_with_the_trace_they_are_of(string begins, string contains, int severity)
    {
        var line = stack.Received.Logs.First(log => log.Body.StartsWith(begins, StringComparison.Ordinal)
            && log.Body.Contains(contains, StringComparison.Ordinal));
        Assert.Equal(severity, line.Severity);
        Assert.Contains(Spans, span => span.TraceId == line.TraceId);
    }

    [PostgresFact(linux: true)]
    public void No_secret_no_payload_and_no_value_of_a_query_is_in_any_telemetry()
    {
        var texts = Spans.SelectMany(span => span.Attributes.Values.Append(span.Name))
            .Concat(stack.Received.Logs.SelectMany(line => line.Attributes.Values.Append(line.Body)))
            .Concat(stack.Received.Metrics.SelectMany(metric => metric.Points.SelectMany(point => point.Labels.Values)))
            .Distinct().ToList();
        Assert.True(texts.Count > 100);
        Assert.All(stack.Secrets, secret => Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.Ordinal)));
    }

    [PostgresFact(linux: true)]
    public void A_program_s_pool_of_connections_is_named_by_its_role()
    {
        var labels = stack.Received.Metrics.SelectMany(metric => metric.Points).SelectMany(point => point.Labels.Values)
            .Concat(Spans.SelectMany(span => span.Attributes.Values)).Distinct().ToList();
        Assert.Contains("ledger_app", labels);
    }

    [PostgresFact(linux: true)]
    public void No_label_of_our_metrics_names_a_tenant() => Assert.DoesNotContain(stack.Received.Metrics.Where(m => m.Meter == "Ledger"),
        metric => metric.Points.Any(point => point.Labels.Values.Any(value => value is "demo" or "other")));

    private static bool Calls(List<ReceivedSpan> trace, string path) =>
        trace.Exists(span => span.Attributes.GetValueOrDefault("url.full", "").Contains(path, StringComparison.Ordinal));
}
