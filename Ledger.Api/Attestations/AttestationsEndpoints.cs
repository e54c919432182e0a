using System.Globalization;
using Ledger.Api.Entries;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Verify;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Attestations;

/// <summary>Third parties' DSSE envelopes: taken into the log, given back to the byte, found by what they speak of.</summary>
internal static class AttestationsEndpoints
{
    public const string EnvelopeMediaType = "application/vnd.dsse.envelope.v1+json";

    public static void MapAttestations(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/attestations").RequireAuthorization(Policies.Writer).WithTags("Attestations").WithStrictQuery()
            .MapPost("", AddAsync).WithName("attest")
            .WithSummary("Chain a DSSE envelope by a registered key, and keep its exact bytes; the same bytes again answer 200.")
            .Accepts<EnvelopeRequest>("application/json", EnvelopeMediaType)
            .Produces<AttestationReceipt>(StatusCodes.Status201Created).Produces<AttestationReceipt>();
        var read = app.MapGroup("/attestations").RequireAuthorization(Policies.Reader).WithTags("Attestations").WithStrictQuery();
        read.MapRead("", ListAsync).WithName("list-attestations")
            .WithSummary("Attestations, newest first; with subject_sha256 those whose statement has that subject.");
        read.MapRead("/{sha256}", FindAsync).WithName("get-attestation")
            .WithSummary("The envelope, to the byte; application/json is what is known of it.")
            .Produces<AttestationBody>().Produces<byte[]>(StatusCodes.Status200OK, EnvelopeMediaType);
    }

    private static async Task<JsonHttpResult<AttestationReceipt>> AddAsync(
        CurrentTenant tenant, HttpRequest request, HttpResponse response, AttestationWriter writer, AttestationJson json,
        CancellationToken cancel)
    {
        var envelope = await RequestBody.ReadAsync(request, DsseEnvelope.MostBytes, cancel, EnvelopeMediaType);
        var (attestation, isNew) = await writer.AddAsync(tenant.Id, envelope.ToArray(), cancel);
        response.Headers.Location = $"/attestations/{attestation.Sha256}";
        return TypedResults.Json(await json.ReceiptAsync(attestation, cancel),
            statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<Ok<AttestationList>> ListAsync(
        CurrentTenant tenant, [FromQuery(Name = "subject_sha256")] string? subjectSha256, [FromQuery] string? cursor,
        [FromQuery] string? limit, AttestationReader attestations, AttestationJson json, ListCursor cursors, CancellationToken cancel)
    {
        var (subject, most) = (QueryValue.Hash(subjectSha256, "subject_sha256"), QueryValue.Limit(limit));
        var list = $"attestations {tenant.Id} {subject}";
        (int, long)? before = cursor is null ? null : Place(await cursors.ReadAsync(list, cursor, cancel));
        var found = await attestations.ListAsync(tenant.Id, subject, before, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync(list, Place(page[^1].Entry), cancel) : null;
        return TypedResults.Ok(new AttestationList(await json.BodiesAsync(tenant.Id, page, cancel), next));
    }

    private static async Task<IResult> FindAsync(string sha256, CurrentTenant tenant, HttpRequest request, HttpResponse response,
        AttestationReader attestations, AttestationJson json, CancellationToken cancel)
    {
        var known = Digest.TryParseHex(sha256, out var digest);
        response.Headers.Vary = "Accept";
        if (Negotiation.Prefers(request, "application/json", EnvelopeMediaType))
        {
            var found = known ? await attestations.FindAsync(tenant.Id, digest, cancel) : null;
            return found is null ? throw new LedgerProblemException(ProblemAnswer.NotFound)
                : TypedResults.Ok((await json.BodiesAsync(tenant.Id, [found], cancel))[0]);
        }
        if (!known || await attestations.EnvelopeAsync(tenant.Id, digest, cancel) is not var (entry, bytes))
            throw new LedgerProblemException(ProblemAnswer.NotFound);
        response.Headers.Link = $"</entries/{entry}>; rel=\"related\", </entries/{entry}/bundle>; rel=\"alternate\"; "
            + $"type=\"{EntriesEndpoints.BundleMediaType}\"";
        return Exact.Bytes(bytes, EnvelopeMediaType);
    }

    private static string Place(StoredEntry last) => string.Create(CultureInfo.InvariantCulture, $"{last.Epoch} {last.Seq}");

    private static (int Epoch, long Seq) Place(string text) => text.Split(' ') is [var epoch, var seq]
        ? (int.Parse(epoch, CultureInfo.InvariantCulture), long.Parse(seq, CultureInfo.InvariantCulture))
        : throw new FormatException("A cursor of attestations has two parts.");
}
