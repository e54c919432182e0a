using System.Text.RegularExpressions;

namespace Ledger.Core.Tests.House;

/// <summary>An emulator that shared the client's code would share its bugs.</summary>
public sealed partial class EmulatorTests
{
    private const string Folder = "Ledger.DevHost/Emulators/";

    [Fact]
    public void Emulators_use_nothing_of_ours_outside_their_folder() =>
        Assert.Empty(SourceFile.CSharp.Where(f => f.Path.StartsWith(Folder, StringComparison.Ordinal)).SelectMany(Foreign));

    [Fact]
    public void There_are_emulators() => Assert.Contains(SourceFile.CSharp, f => f.Path.StartsWith(Folder, StringComparison.Ordinal));

    [Theory]
    [InlineData("using Ledger.Verify.Merkle;")]
    [InlineData("using Ledger.Core.Signing;")]
    [InlineData("using Ledger.DevHost.Setup;")]
    [InlineData("class A { object b = Ledger.Verify.Merkle.MerkleHash.EmptyRoot; }")]
    public void An_emulator_that_used_our_code_would_be_refused(string code) =>
        Assert.Single(Foreign(new SourceFile(Folder + "Vault/Bad.cs", code)));

    [Fact]
    public void An_emulator_may_use_its_neighbours() =>
        Assert.Empty(Foreign(new SourceFile(Folder + "Vault/Good.cs", "using Ledger.DevHost.Emulators.Faults;")));

    private static IEnumerable<string> Foreign(SourceFile file) =>
        OwnName().Matches(file.Code).Select(m => m.Value).Where(n => !n.StartsWith("Ledger.DevHost.Emulators", StringComparison.Ordinal))
            .Select(n => $"{file.Path}: {n}");

    [GeneratedRegex(@"\bLedger\.(Verify|Core|Api|Workers|ServiceDefaults|DevHost)[\w.]*")]
    private static partial Regex OwnName();
}
