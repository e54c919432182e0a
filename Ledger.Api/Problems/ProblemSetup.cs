namespace Ledger.Api.Problems;

/// <summary>Makes every failure an RFC 9457 problem: exceptions, and the bare statuses that the framework sets.</summary>
internal static class ProblemSetup
{
    public static WebApplicationBuilder AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        return builder;
    }

    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(static pages =>
            ProblemAnswer.WriteAsync(pages.HttpContext, ProblemAnswer.OfStatus(pages.HttpContext.Response.StatusCode)));
        return app;
    }
}
