namespace Ledger.AppHost.Programs;

/// <summary>Where the ledger's programs listen, and by what it is known that they are well.</summary>
internal static class ProgramEndpoints
{
    public const string Http = "http";

    /// <summary>The images listen there (<c>ContainerListensOn</c> in their project files), whatever Aspire says by HTTP_PORTS.</summary>
    private const int ApiPort = 8088, WorkersPort = 8089;

    /// <summary>The API's one endpoint, the product's port, open to others than the stack's own.</summary>
    public static IResourceBuilder<ProjectResource> WithApiEndpoint(this IResourceBuilder<ProjectResource> api) =>
        api.WithHttpEndpoint(port: ApiPort, targetPort: api.WherePublished(ApiPort), name: Http).WithExternalHttpEndpoints();

    /// <summary>Workers take no work over HTTP: the endpoint is for probes.</summary>
    public static IResourceBuilder<ProjectResource> WithProbeEndpoint(this IResourceBuilder<ProjectResource> workers) =>
        workers.WithHttpEndpoint(targetPort: workers.WherePublished(WorkersPort), name: Http);

    /// <summary>Alive, or it is started again; healthy, or it gets no requests and nobody waiting for it begins.</summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> program) =>
#pragma warning disable ASPIREPROBES001 // The only way to say both; in the public API since 13.0.
        program
            .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: Http)
            .WithHttpProbe(ProbeType.Readiness, "/health", endpointName: Http)
#pragma warning restore ASPIREPROBES001
            // Else a published program would believe what anybody says of the caller's address. Whom it believes is a setting of its own.
            .DisableForwardedHeaders();

    /// <summary>Null on this machine, where Aspire chooses a free port and tells the program by ASPNETCORE_URLS.</summary>
    private static int? WherePublished(this IResourceBuilder<ProjectResource> program, int port) =>
        program.ApplicationBuilder.ExecutionContext.IsPublishMode ? port : null;
}
