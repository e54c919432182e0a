using Ledger.DevHost.Setup;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Setup;

public sealed class MarksChoiceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, false)]
    [InlineData("folder", false)]
    [InlineData("s3", true)]
    public void A_fresh_state_takes_what_was_asked_for_and_keeps_it(string? asked, bool bucket)
    {
        using var state = StateFolder.Open(_folder["state"]);
        var taken = new MarksChoice(state).Take(asked);
        Assert.Equal(bucket ? new MarksAccess(null, "ledger-marks") : new MarksAccess(state["marks"], null), taken);
        Assert.Equal(taken, new MarksChoice(state).Take(null));
    }

    [Theory]
    [InlineData("s3", "folder")]
    [InlineData("folder", "s3")]
    public void Another_choice_later_is_refused(string first, string then)
    {
        using var state = StateFolder.Open(_folder["state"]);
        new MarksChoice(state).Take(first);
        var refused = Assert.Throws<SetupFailed>(() => new MarksChoice(state).Take(then));
        Assert.StartsWith($"--marks {then}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_from_before_there_was_a_choice_has_its_marks_in_the_folder()
    {
        using var state = StateFolder.Open(_folder["state"]);
        Directory.CreateDirectory(Path.Combine(state["marks"], "demo"));
        Assert.Throws<SetupFailed>(() => new MarksChoice(state).Take("s3"));
        Assert.Equal(state["marks"], new MarksChoice(state).Take(null).Folder);
    }
}
