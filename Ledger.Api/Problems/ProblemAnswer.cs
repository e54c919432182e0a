using System.Globalization;
using System.Text.Json;
using Ledger.Api.Operations;
using Ledger.Core.Problems;

namespace Ledger.Api.Problems;

/// <summary>Writes problems. Every answer with a status of 400 and above comes from here, whoever refused the request.</summary>
internal static class ProblemAnswer
{
    public const string MediaType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, LedgerProblem problem) => WriteAsync(context, ProblemBody.Of(context, problem));

    public static Task WriteAsync(HttpContext context, ProblemBody problem)
    {
        if (problem.Status == StatusCodes.Status403Forbidden)
            context.RequestServices.GetService<RefusedAccess>()?.Note(context, problem.Type[ProblemType.UrnPrefix.Length..]);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(response.Body, problem, LedgerJson.Answers.ProblemBody, context.RequestAborted);
    }

    /// <summary>What a bare status means that the framework set: no endpoint, another method, another media type.</summary>
    public static LedgerProblem OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new(ProblemTypes.Unauthenticated, "A valid bearer token is needed."),
        StatusCodes.Status403Forbidden => new(ProblemTypes.Forbidden, "The token's roles do not allow this."),
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed =>
            new(ProblemTypes.MethodNotAllowed, "The resource does not take this method; Allow lists those it takes."),
        StatusCodes.Status406NotAcceptable => new(ProblemTypes.NotAcceptable, "None of the accepted media types is offered here."),
        StatusCodes.Status413PayloadTooLarge => new(ProblemTypes.PayloadTooLarge, "The request's body is over the limit."),
        StatusCodes.Status415UnsupportedMediaType =>
            new(ProblemTypes.UnsupportedMediaType, "The body must be application/json.", "Content-Type"),
        >= 500 => new(ProblemTypes.Internal, "A fault of the ledger itself."),
        _ => new(ProblemTypes.InvalidParameter, "The request is malformed."),
    };

    /// <summary>One text for everything that is not there or not the caller's: the two must not differ.</summary>
    public static readonly LedgerProblem NotFound = new(ProblemTypes.NotFound,
        "There is nothing here, or nothing that the caller may see.");
}
