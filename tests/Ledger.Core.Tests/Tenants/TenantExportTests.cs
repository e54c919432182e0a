using System.Formats.Tar;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Core.Tests.Tenants;

/// <summary>An export is of one checkpoint, whatever happens while it is taken.</summary>
public sealed class TenantExportTests
{
    [PostgresFact]
    public async Task What_happens_while_an_export_is_taken_is_not_in_it_and_it_verifies_all_the_same()
    {
        await using var ledger = await TestLog.StartAsync();
        await using var operators = new AdminDatabase(ledger.Database.Api);
        var export = new TenantExport(operators, new TransparencyLogs([], new([], [])), new AuditOutbox(ledger.Time, new IdSource()),
            new IdSource(), ledger.Time);
        await ledger.AppendBatchAsync(600);
        var integrator = ledger.StartIntegrator();
        await TestLog.IntegrateAsync(integrator);

        var begun = (await export.BeginAsync(TestLog.Demo, "olga", CancellationToken.None))!;
        await ledger.AppendBatchAsync(30);
        await TestLog.IntegrateAsync(integrator);
        await ledger.SqlAsync("DELETE FROM entry_meta WHERE tenant_id = 'demo' AND seq % 7 = 0");

        using var tar = new MemoryStream();
        await export.WriteAsync(begun, new OneWay(tar), CancellationToken.None);
        var files = Unpack(tar);
        var trust = (await new TrustFileReader(ledger.Api.Database).ReadAsync(TestLog.Demo, CancellationToken.None))!;
        var report = Assert.Single(Fsck.Run(new LogFolder(
            path => files.TryGetValue(path, out var bytes) ? new MemoryStream(bytes) : null, files.Keys), FsckSource.Export, trust));
        Assert.Equal((600L, Verdict.VerifiedNotAnchored), (report.Size, report.Verdict));
        Assert.Empty(report.Findings);
        Assert.Contains("tile/1/000.p/2", files.Keys);
        Assert.DoesNotContain("checkpoints/630", files.Keys);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), $"ledger-export-*"));
    }

    private static Dictionary<string, byte[]> Unpack(MemoryStream tar)
    {
        tar.Position = 0;
        var files = new Dictionary<string, byte[]>();
        using var reader = new TarReader(tar);
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }
        return files;
    }

    /// <summary>As a response's body: written in order, without a way back, and never synchronously.</summary>
    private sealed class OneWay(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.WriteAsync(buffer, offset, count, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronously.");

        public override void Flush() => throw new InvalidOperationException("Synchronously.");

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
