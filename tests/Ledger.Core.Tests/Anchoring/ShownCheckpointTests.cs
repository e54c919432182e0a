using Ledger.Core.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>What is signed for a transparency log was shown before: the row of a checkpoint alone proves nothing.</summary>
public sealed class ShownCheckpointTests
{
    private const string Unguarded = "ALTER TABLE checkpoints DISABLE TRIGGER append_only; DELETE FROM checkpoints WHERE tree_size = 7;";

    [PostgresTheory]
    [InlineData("none", "the log has no high-water mark")]
    [InlineData("behind", "the high-water mark is at 3, the checkpoint at 7")]
    [InlineData("another root", "the high-water mark has another root at 7")]
    public async Task Nothing_is_signed_that_the_mark_does_not_vouch_for(string mark, string reason)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        var marks = anchoring.Ledger.Marks;
        await anchoring.AppendAsync(3);
        var third = (await marks.ReadAsync(TestAnchoring.Demo, 1, default))!.Mark;
        await anchoring.AppendDueAsync(4);
        var read = (await marks.ReadAsync(TestAnchoring.Demo, 1, default))!;
        var another = read.Mark with
        {
            Root = Digest.Zero,
            Note = read.Mark.Note.Replace(Base64(read.Mark.Root), Base64(Digest.Zero), StringComparison.Ordinal),
        };
        if (mark == "none") File.Delete(Path.Combine(anchoring.Ledger.MarksFolder, "demo", "1"));
        else Assert.True(await marks.TryReplaceAsync(read, mark == "behind" ? third : another, default));

        await AssertUnsignedAsync(anchoring, "network", reason);

        if (mark == "none") Assert.True(await marks.TryCreateAsync(read.Mark, default));
        else Assert.True(await marks.TryReplaceAsync((await marks.ReadAsync(TestAnchoring.Demo, 1, default))!, read.Mark, default));
        await anchoring.SettleAsync();
        Assert.Equal(1, await AnchorCheck.RunAsync(anchoring)); // it only waited
    }

    [PostgresTheory]
    [InlineData("UPDATE checkpoints SET root = sha256('x')", "its note says something else")]
    [InlineData("UPDATE checkpoints SET note = 'x'", "its note says something else")]
    [InlineData("UPDATE checkpoints SET tree_size = 4", "its note says something else")]
    [InlineData("UPDATE checkpoints SET root = sha256('x'), note = replace(note, encode(root, 'base64'), encode(sha256('x'), 'base64'))",
        "no key of the log signed its note")]
    [InlineData("UPDATE key_ranges SET from_position = 0, to_position = 2 WHERE purpose = 'checkpoint'",
        "no key of the log signed its note")]
    [InlineData("UPDATE key_ranges SET from_position = 4 WHERE purpose = 'checkpoint'", "no key of the log signed its note")]
    public async Task Nothing_is_signed_that_was_altered_below_the_mark(string alteration, string reason)
    {
        await using var anchoring = await BelowTheMarkAsync();
        await anchoring.SqlAsync($"{Unguarded} {alteration}");
        await AssertUnsignedAsync(anchoring, "config", reason);
    }

    [PostgresFact]
    public async Task What_is_below_the_mark_as_it_was_shown_is_anchored()
    {
        await using var anchoring = await BelowTheMarkAsync();
        await anchoring.SqlAsync(Unguarded);
        await anchoring.Worker.StepAsync();
        Assert.Equal(["3"], await anchoring.TableAsync("SELECT position FROM anchors"));
    }

    /// <summary>A mark of seven, while the newest stored checkpoint will be that of three.</summary>
    private static async Task<TestAnchoring> BelowTheMarkAsync()
    {
        var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendAsync(3);
        await anchoring.AppendDueAsync(4);
        return anchoring;
    }

    private static string Base64(Digest digest) => Convert.ToBase64String(digest.ToArray());

    private static async Task AssertUnsignedAsync(TestAnchoring anchoring, string errorClass, string reason)
    {
        await anchoring.Worker.ScheduleAsync();
        await anchoring.Worker.RunAsync();
        var row = Assert.Single(await anchoring.TableAsync(
            "SELECT status, (frozen_signature IS NULL)::text, last_error_class, last_error FROM jobs WHERE tenant_id = 'demo'"));
        Assert.StartsWith($"pending|true|{errorClass}|", row, StringComparison.Ordinal);
        Assert.EndsWith(reason, row, StringComparison.Ordinal);
        Assert.Empty(anchoring.Log.Submissions);
    }
}
