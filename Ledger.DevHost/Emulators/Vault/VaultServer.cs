using System.Diagnostics;
using System.Net;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Pace;
using Ledger.DevHost.Emulators.Vault.Policies;
using Ledger.DevHost.Emulators.Vault.Requests;
using Ledger.DevHost.Emulators.Vault.Sys;
using Ledger.DevHost.Emulators.Vault.Tokens;
using Ledger.DevHost.Emulators.Vault.Transit;

namespace Ledger.DevHost.Emulators.Vault;

/// <summary>
/// The way of a request, in the order in which the real server refuses: redirects, seal, method, body, trailing slash, token, policy,
/// route.
/// </summary>
internal sealed class VaultServer(VaultState state, FaultSwitch faults, ServiceTime serviceTime, TimeProvider time)
{
    private readonly SealRoutes sealing = new(state.Seal, faults);
    private readonly PolicyCheck policyCheck = new(state.Policies);
    private readonly TokenRoutes tokens = new(state.Tokens, state.Policies);
    private readonly MountRoutes mounts = new(state.Mounts, state.Keys);
    private readonly PolicyRoutes policies = new(state.Policies, new PolicyCheck(state.Policies));
    private readonly TransitEngine transit = new(state.Keys, state.Counters, time);

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (await RedirectedAsync(context, path).ConfigureAwait(false))
            return;
        if (context.Request.Headers.TryGetValue("X-Vault-Namespace", out var name))
            context.Response.Headers["X-Vault-Namespace"] = name;
        var arrival = Stopwatch.GetTimestamp();
        var answer = await AnswerAsync(context, path["/v1/".Length..]).ConfigureAwait(false);
        if (answer.Signatures > 0)
            await serviceTime.WaitAsync(arrival, answer.Signatures).ConfigureAwait(false);
        await AnswerWriter.SendAsync(context, answer).ConfigureAwait(false);
    }

    // Go's router cleans paths by redirect, and everything outside the API is the web interface's.
    private static async Task<bool> RedirectedAsync(HttpContext context, string path)
    {
        var target = path.Contains("//", StringComparison.Ordinal) ? Cleaned(path) + context.Request.QueryString
            : path.StartsWith("/v1/", StringComparison.Ordinal) ? null
            : "/ui/";
        if (target is null)
            return false;
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        AnswerWriter.SetHeaders(context.Response);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.Location = target;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.WriteAsync($"<a href=\"{WebUtility.HtmlEncode(target)}\">Temporary Redirect</a>.\n\n")
                .ConfigureAwait(false);
        return true;
    }

    private static string Cleaned(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    private async ValueTask<Answer> AnswerAsync(HttpContext context, string path)
    {
        var fault = FaultMiddleware.Of(context);
        var isSealed = state.Seal.IsSealed || fault == FaultMode.Sealed;
        var operation = OperationOf(context.Request);
        if (path == "sys/health" && (operation == Operation.Read || HttpMethods.IsHead(context.Request.Method)))
            return HealthRoute.Of(context.Request.Query, state.Seal, isSealed, time.GetUtcNow());
        var open = SealRoutes.IsOpen(path);
        if (isSealed && path == "sys/seal" && operation == Operation.Update)
            return Answer.NoContent;
        if (isSealed && !open)
            return Answer.Sealed;
        if (HttpMethods.IsPatch(context.Request.Method))
            return Answer.Error(415,
                $"PATCH requires Content-Type of application/merge-patch+json, provided {context.Request.ContentType}");
        var (fields, refusal) = await RequestBody.ReadAsync(context, operation).ConfigureAwait(false);
        if (fields is null)
            return refusal!;
        if (operation == Operation.List && !path.EndsWith('/'))
            path += "/";
        var request = new VaultRequest(operation, path, fields, fault);
        if (open)
            return sealing.Route(request, isSealed);
        if (operation == Operation.Update && path.EndsWith('/'))
            return Answer.BadRequest("cannot write to a path ending in '/'");
        return Authorised(request, TokenOf(context.Request));
    }

    private Answer Authorised(VaultRequest request, string? given)
    {
        if (given is null)
            return Answer.NoToken;
        var token = state.Tokens.Use(given);
        if (token is null)
            return Answer.BadToken;
        if (request.Operation == Operation.Unsupported && request.Path.Length > 0)
            return token.IsRoot ? Answer.NoToken : Answer.Denied;
        if (!policyCheck.Allows(token, request.Operation, request.Path))
            return Answer.Denied;
        return Route(request with { Token = token });
    }

    private Answer Route(VaultRequest request)
    {
        var path = request.Path;
        if (path.StartsWith("auth/token/", StringComparison.Ordinal))
            return tokens.Route(request, path["auth/token/".Length..]);
        if (path.StartsWith("sys/", StringComparison.Ordinal))
            return RouteSystem(request, path["sys/".Length..]);
        var mount = state.Mounts.Holding(path.EndsWith('/') ? path : path + "/");
        if (mount is null)
            return Answer.Error(404, $"no handler for route \"{path}\". route entry not found.");
        if (mount.Type != "transit" || path.Length < mount.Path.Length)
            return Answer.UnsupportedPath;
        return transit.Route(request, mount.Path, path[mount.Path.Length..]);
    }

    private Answer RouteSystem(VaultRequest request, string path)
    {
        switch (path)
        {
            case "mounts":
                return mounts.List(request);
            case "capabilities-self":
                return policies.CapabilitiesSelf(request);
            case "policies/acl" or "policies/acl/":
                return policies.List(request);
            case "seal" when request.Operation == Operation.Update:
                state.Seal.IsSealed = true;
                return Answer.NoContent;
        }
        if (path.StartsWith("mounts/", StringComparison.Ordinal))
            return mounts.On(request, path["mounts/".Length..]);
        if (path.StartsWith("policies/acl/", StringComparison.Ordinal))
            return policies.On(request, path["policies/acl/".Length..]);
        return Answer.UnsupportedPath;
    }

    private static Operation OperationOf(HttpRequest request) => request.Method switch
    {
        "GET" => request.Query["list"] == "true" ? Operation.List : Operation.Read,
        "POST" or "PUT" => Operation.Update,
        "DELETE" => Operation.Delete,
        "LIST" => Operation.List,
        _ => Operation.Unsupported,
    };

    // X-Vault-Token wins; "Bearer" is taken in this spelling alone.
    private static string? TokenOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-Vault-Token", out var token) && token.ToString() is { Length: > 0 } given)
            return given;
        const string scheme = "Bearer ";
        return request.Headers.Authorization
            .FirstOrDefault(a => a?.StartsWith(scheme, StringComparison.Ordinal) == true)?[scheme.Length..].Trim();
    }
}
