using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Checkpoints;

/// <summary>Section <c>HighWaterMark</c>.</summary>
public sealed class HighWaterMarkOptions
{
    public const string Section = "HighWaterMark";

    /// <summary>The folder of the file store, shared by every API and worker process of one machine; never on the database's volume, never
    /// in its backup.</summary>
    [Required(ErrorMessage = "HighWaterMark:Directory is not set: name a folder outside the database's volume and backups.")]
    public string Directory { get; set; } = "";
}
