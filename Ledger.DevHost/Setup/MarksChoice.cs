using System.Text.Json;

namespace Ledger.DevHost.Setup;

/// <summary>
/// `DIR/marks.json`: where this state's marks are, `{"marks":"s3"}` or `{"marks":"folder"}`, chosen once. A log whose marks are looked for
/// elsewhere has none, and is taken for one that was rolled back.
/// </summary>
internal sealed class MarksChoice(StateFolder state)
{
    public const string Bucket = "ledger-marks", InFolder = "folder", InBucket = "s3";

    private readonly string _file = state["marks.json"];

    /// <param name="asked">`--marks`; null: as it was, and in a fresh folder a folder.</param>
    /// <exception cref="SetupFailed">It was another in this state folder.</exception>
    public MarksAccess Take(string? asked)
    {
        var kept = Kept();
        if (kept is not null && asked is not null && kept != asked)
            throw new SetupFailed($"--marks {asked}: the high-water marks of {state.Path} are in {Name(kept)}, and without them its logs "
                + "would be taken for rolled back; leave the option out, or choose another folder with --state DIR");
        var chosen = kept ?? asked ?? InFolder;
        if (!File.Exists(_file))
            PrivateFile.Write(_file, JsonSerializer.Serialize(new Dictionary<string, string> { ["marks"] = chosen }));
        return chosen == InBucket ? new MarksAccess(null, Bucket) : new MarksAccess(state["marks"], null);
    }

    private string? Kept()
    {
        // From before there was a choice: whoever worked with the folder has marks in it.
        if (!File.Exists(_file))
            return Directory.EnumerateFileSystemEntries(state["marks"]).Any() ? InFolder : null;
        var kept = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_file))!.GetValueOrDefault("marks");
        return kept is InFolder or InBucket ? kept : throw new InvalidDataException($"{_file} is damaged: marks are in a folder or s3");
    }

    private static string Name(string kept) => kept == InBucket ? "a bucket" : "a folder";
}
