using System.Collections;
using System.Reflection;
using Ledger.Testing.Processes;

namespace Ledger.Core.Tests.Operations;

/// <summary>A property of an options class, by the variable that sets it.</summary>
/// <param name="Name">Such as <c>Rekor__Logs__0__Url</c>.</param>
/// <param name="Section">The options' section.</param>
public sealed record Setting(string Name, string Section)
{
    // Set by the program itself, not by whoever starts it.
    private static readonly string[] NotSettings = ["Vault__Caller"];

    /// <summary>Everything that can be set: the options classes of Core, API and workers, member by member. A class says its section by a
    /// constant of that name.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. new[] { typeof(LedgerCore).Assembly, Assembly.LoadFrom(BuiltProgram.Api), Assembly.LoadFrom(BuiltProgram.Workers) }
            .SelectMany(program => program.GetTypes())
            .Select(type => (Type: type, Section: SectionOf(type))).Where(options => options.Section is not null)
            .SelectMany(options => Below(options.Type, options.Section!).Select(name => new Setting(Spelled(name), options.Section!)))
            .Where(setting => !NotSettings.Contains(setting.Name))];

    private static string? SectionOf(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal)
        ? type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string : null;

    private static IEnumerable<string> Below(Type type, string name) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsBound).SelectMany(p => Names(p, $"{name}__{p.Name}"));

    private static IEnumerable<string> Names(PropertyInfo property, string name)
    {
        if (ElementOf(property.PropertyType) is not { } element) return [name];
        return element == typeof(string) ? [$"{name}__0"] : Below(element, $"{name}__0");
    }

    // What the configuration's binder fills: a setter, or a list that is there.
    private static bool IsBound(PropertyInfo property) =>
        property.SetMethod?.IsPublic == true || ElementOf(property.PropertyType) is not null && property.GetMethod!.IsPublic
            && property.PropertyType.GetGenericTypeDefinition() == typeof(IList<>);

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : null;

    // The connection string's name is written small everywhere; .NET does not mind.
    private static string Spelled(string name) => name == "ConnectionStrings__Ledger" ? "ConnectionStrings__ledger" : name;
}
