namespace Ledger.Core.Doctor;

/// <summary>One line of the doctor. It looks and changes nothing that anybody would miss.</summary>
public interface IDoctorCheck
{
    /// <summary>What the line begins with, e.g. <c>database</c> or <c>rekor rekor.example.com</c>; operators' scripts read it.</summary>
    string Name { get; }

    /// <summary>After this long the line says that nothing came.</summary>
    TimeSpan Patience => TimeSpan.FromSeconds(10);

    /// <summary>May throw: what it throws becomes the line, and no other check is touched by it.</summary>
    Task<Verdict> RunAsync(CancellationToken cancel);
}
