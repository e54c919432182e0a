using Ledger.Api.Tenancy;
using Ledger.Core.Doctor;
using Ledger.Verify.Entries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Operations;

/// <summary>What <c>Ledger.Workers doctor</c> says, as this process sees it.</summary>
internal static class DoctorEndpoints
{
    public static void MapDoctor(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/admin/api/v1/doctor").RequireAuthorization(Policies.Operator).WithTags("Operations").WithStrictQuery()
            .MapRead("", ExamineAsync).WithName("get-doctor")
            .WithSummary("Everything that this process depends on, one line each; at most ten seconds old.");
    }

    private static async Task<Ok<DoctorBody>> ExamineAsync(DoctorRounds doctor, HttpResponse response, CancellationToken cancel)
    {
        var report = await doctor.ReportAsync(cancel);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DoctorBody(report.IsHealthy, LedgerTime.Format(report.CheckedAt),
            [.. report.Checks.Select(line => new DoctorCheckBody(line.Check, line.OutcomeName, line.Text))]));
    }
}

/// <param name="Healthy">Nothing failed.</param>
/// <param name="CheckedAt">When the checks began.</param>
public sealed record DoctorBody(bool Healthy, string CheckedAt, IReadOnlyList<DoctorCheckBody> Checks);

/// <param name="Check">What was checked, e.g. <c>database</c>.</param>
/// <param name="Outcome"><c>pass</c>, <c>warn</c>, <c>fail</c> or <c>absent</c>.</param>
/// <param name="Text">One line for people.</param>
public sealed record DoctorCheckBody(string Check, string Outcome, string Text);
