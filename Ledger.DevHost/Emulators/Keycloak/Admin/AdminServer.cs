using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>The admin REST: everything below <c>/admin/</c>. First the token, then the realm, then whether it is the token's
/// realm.</summary>
/// <param name="realms">By name.</param>
/// <param name="time">The clock of created users and passwords.</param>
internal sealed class AdminServer(IReadOnlyDictionary<string, Realm> realms, TimeProvider time)
{
    private const string Prefix = "/admin/realms/";

    public async Task HandleAsync(HttpContext context)
    {
        var body = await BodyAsync(context.Request).ConfigureAwait(false);
        AdminAnswer answer;
        try
        {
            answer = Answer(context, body);
        }
        catch (AdminRefusal refusal)
        {
            answer = refusal.Answer;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or JsonException)
        {
            answer = AdminAnswer.Unforeseen; // half a surrogate, a profile that is none: the real one does not foresee those either
        }
        await AdminAnswerWriter.SendAsync(context, answer).ConfigureAwait(false);
    }

    private AdminAnswer Answer(HttpContext context, byte[] body)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return AdminAnswer.NotFound;
        var parts = path[Prefix.Length..].TrimEnd('/').Split('/');
        if (HttpMethods.IsOptions(context.Request.Method))
            return AdminOrigin.Preflight(context);
        var caller = AdminToken.Read(context, realms, time.GetUtcNow());
        AdminOrigin.Require(context, caller);
        if (!realms.TryGetValue(parts[0], out var realm))
            return AdminAnswer.Error(404, "Realm not found.");
        if (realm != caller.Realm)
            return AdminAnswer.Forbidden;
        lock (realm.Gate)
        {
            var answer = AdminRoutes.Handle(new AdminRequest
            {
                Method = HttpMethods.IsHead(context.Request.Method) ? "GET" : context.Request.Method,
                Path = parts[1..],
                Query = context.Request.Query,
                ContentType = context.Request.ContentType,
                Body = body,
                Realm = realm,
                Caller = new AdminCaller(caller.User, caller.Client),
                Address = $"{context.Request.Scheme}://{context.Request.Host}{Prefix}{realm.Name}",
                Now = time.GetUtcNow(),
            });
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
                realm.KeepUsers();
            return answer;
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }
}
