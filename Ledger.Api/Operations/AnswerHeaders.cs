namespace Ledger.Api.Operations;

/// <summary>What every answer says to browsers: its type is the one given.
/// JSON with '+' and '&lt;' in it must never be taken for a page.</summary>
internal static class AnswerHeaders
{
    public static WebApplication UseAnswerHeaders(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            // Set when the answer starts: a failing request's headers are cleared before its problem is written.
            context.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            }, context.Response);
            return next(context);
        });
        return app;
    }
}
