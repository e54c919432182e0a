using System.Collections.Frozen;
using System.Reflection;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Operations;

/// <summary>Refuses query parameters that an endpoint does not know, and ones given twice: a misspelled filter must not answer with
/// everything.</summary>
internal static class StrictQuery
{
    public static TBuilder WithStrictQuery<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory(static (endpoint, next) =>
        {
            var known = Names(endpoint.MethodInfo).ToFrozenSet(StringComparer.Ordinal);
            return context =>
            {
                foreach (var (name, values) in context.HttpContext.Request.Query)
                {
                    if (!known.Contains(name))
                        throw new LedgerProblemException(
                            ProblemTypes.InvalidParameter, "This resource has no such query parameter.", Shown(name));
                    if (values.Count != 1)
                        throw new LedgerProblemException(ProblemTypes.InvalidParameter, $"'{name}' is given more than once.", name);
                }
                return next(context);
            };
        });

    /// <summary>The handler's parameters marked [FromQuery], also those of a record marked [AsParameters].</summary>
    private static IEnumerable<string> Names(MethodInfo handler)
    {
        foreach (var parameter in handler.GetParameters())
        {
            if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
            {
                foreach (var member in parameter.ParameterType.GetConstructors()[0].GetParameters())
                    if (member.GetCustomAttribute<FromQueryAttribute>() is { } inner) yield return inner.Name ?? member.Name!;
            }
            else if (parameter.GetCustomAttribute<FromQueryAttribute>() is { } own) yield return own.Name ?? parameter.Name!;
        }
    }

    private static string Shown(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
