using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ledger.Core;

/// <summary>What an operator has to mend before a program can start: one line per fault, each naming its setting.</summary>
public static class ConfigurationFaults
{
    /// <summary>The exit code of a program that was started with such faults.</summary>
    public const int ExitCode = 2;

    /// <summary>Settings that still read like a placeholder; else what every option that was registered with ValidateOnStart says when it
    /// is bound and validated.</summary>
    public static IReadOnlyList<string> Find(IServiceProvider services)
    {
        if (services.GetService<IConfiguration>() is { } configuration
            && FindPlaceholders(configuration) is { Count: > 0 } unset)
            return unset;
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            return [.. Lines(e)];
        }
    }

    /// <summary>Options of a section, checked by their attributes before the program starts.</summary>
    public static OptionsBuilder<T> AddChecked<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(new ByAttributes<T>(section));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>For a program that reads its settings itself: those that still read like a placeholder.</summary>
    public static IReadOnlyList<string> FindPlaceholders(IConfiguration configuration) =>
        [.. ConfigurationPlaceholders.Find(configuration)];

    private static IEnumerable<string> Lines(Exception e) => e switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(Lines),
        OptionsValidationException invalid => invalid.Failures,
        _ => [e.Message.ReplaceLineEndings(" ")],
    };

    /// <summary>Checks an options class by its attributes, and says <c>Section:Member: what is wrong</c>.</summary>
    private sealed class ByAttributes<T>(string section) : IValidateOptions<T> where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var found = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(found.Select(f => Line(f.MemberNames.FirstOrDefault(), f.ErrorMessage!)));
        }

        private string Line(string? member, string message) => message.StartsWith(section + ":", StringComparison.Ordinal) ? message
            : $"{section}:{member}: {message}";
    }
}
