using System.Text;
using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>Beyond the recordings: what must hold at once, over restarts, and at the limits.</summary>
public sealed class ObjectTests
{
    [Fact]
    public async Task Of_many_that_put_if_there_is_none_one_succeeds()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var puts = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => s3.SendAsync("PUT", "/docs/mark", $"body {i}", "If-None-Match: *")));
        Assert.Equal(15, puts.Count(p => p is { Status: 412, Code: "PreconditionFailed" }));
        var won = Assert.Single(puts, p => p.Status == 200);
        Assert.Equal(won.ETag, (await s3.SendAsync("GET", "/docs/mark")).ETag);
    }

    [Fact]
    public async Task Of_many_that_replace_the_same_one_succeeds()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var tag = (await s3.SendAsync("PUT", "/docs/mark", "first")).ETag;
        var puts = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => s3.SendAsync("PUT", "/docs/mark", $"body {i}", $"If-Match: {tag}")));
        Assert.Single(puts, p => p.Status == 200);
        Assert.All(puts.Where(p => p.Status != 200), p => Assert.NotEqual(tag, p.ETag));
    }

    [Fact]
    public async Task A_read_while_others_write_gets_one_of_them_whole()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        await s3.SendAsync("PUT", "/docs/a", new string('0', 100_000));
        var writes = Task.WhenAll(Enumerable.Range(1, 9).Select(i => s3.SendAsync("PUT", "/docs/a", new string((char)('0' + i), 100_000))));
        while (!writes.IsCompleted)
        {
            var read = await s3.SendAsync("GET", "/docs/a");
            Assert.Equal((200, 100_000, 1), (read.Status, read.Body.Length, read.Body.Distinct().Count()));
        }
        await writes;
    }

    [Fact]
    public async Task Objects_versions_and_uploads_outlive_a_restart_and_leftovers_do_not()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        await s3.SendAsync("PUT", "/docs?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        var first = await s3.SendAsync("PUT", "/docs/a%20b/%C3%A9", "first", "x-amz-meta-case: C-42", "Content-Type: text/plain");
        await s3.SendAsync("PUT", "/docs/a%20b/%C3%A9", "second");
        var upload = (await s3.SendAsync("POST", "/docs/mp?uploads")).Values("UploadId").Single();
        var part = await s3.SendAsync("PUT", $"/docs/mp?partNumber=1&uploadId={upload}", "in parts");
        var leftover = Path.Combine(s3.State, "buckets/docs/contents/of-a-kill");
        await File.WriteAllTextAsync(leftover, "x");
        Directory.CreateDirectory(Path.Combine(s3.State, "buckets/half-made"));

        await s3.StartAgainAsync();

        Assert.Equal("second", (await s3.SendAsync("GET", "/docs/a%20b/%C3%A9")).Text);
        var old = await s3.SendAsync("GET", $"/docs/a%20b/%C3%A9?versionId={first.Headers["x-amz-version-id"]}");
        Assert.Equal(("first", "C-42", "text/plain"), (old.Text, old.Headers["x-amz-meta-case"], old.Headers["Content-Type"]));
        var named = $"<Part><PartNumber>1</PartNumber><ETag>{part.ETag}</ETag></Part>";
        var complete = $"<CompleteMultipartUpload>{named}</CompleteMultipartUpload>";
        Assert.Equal(200, (await s3.SendAsync("POST", $"/docs/mp?uploadId={upload}", complete)).Status);
        Assert.Equal("in parts", (await s3.SendAsync("GET", "/docs/mp")).Text);
        Assert.False(File.Exists(leftover));
        Assert.Equal(["docs"], (await s3.SendAsync("GET", "/")).Values("Name"));
    }

    [Fact]
    public async Task A_damaged_record_is_named_at_the_start()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        await s3.SendAsync("PUT", "/docs/a", "x");
        var record = Directory.GetFiles(Path.Combine(s3.State, "buckets/docs/keys")).Single();
        await File.WriteAllTextAsync(record, "{");
        var fault = await Assert.ThrowsAsync<InvalidDataException>(s3.StartAgainAsync);
        Assert.Contains(record, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_leaves_no_bytes_behind()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        Assert.Equal(400, (await s3.SendAsync("PUT", "/docs/a", "x", "x-amz-checksum-crc32: AAAAAA==")).Status);
        Assert.Equal(400, (await s3.SendAsync("PUT", "/docs/a", "x", "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==")).Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(s3.State, "buckets/docs/contents")));
    }

    [Theory]
    [InlineData("PUT", "/docs/a", "x-amz-object-lock-mode: COMPLIANCE")]
    [InlineData("PUT", "/docs/a", "x-amz-tagging: a=b")]
    [InlineData("PUT", "/docs/a", "x-amz-server-side-encryption: AES256")]
    [InlineData("PUT", "/docs/a?retention", "a: b")]
    [InlineData("PUT", "/docs/a?tagging", "a: b")]
    [InlineData("POST", "/docs/a?select&select-type=2", "a: b")]
    [InlineData("PUT", "/docs?policy", "a: b")]
    [InlineData("PUT", "/docs?lifecycle", "a: b")]
    [InlineData("PUT", "/docs?object-lock", "a: b")]
    [InlineData("GET", "/docs?publicAccessBlock", "a: b")]
    [InlineData("POST", "/", "a: b")]
    public async Task What_is_not_done_is_said_to_be_so(string method, string target, string header)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var reply = await s3.SendAsync(method, target, "x", header);
        Assert.Equal((501, "NotImplemented"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("""<!DOCTYPE a [<!ENTITY b "Enabled">]><VersioningConfiguration><Status>&b;</Status></VersioningConfiguration>""")]
    [InlineData("<VersioningConfiguration><Status>")]
    [InlineData("<Other/>")]
    public async Task XML_that_is_none_or_has_a_DTD_is_refused(string body)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var reply = await s3.SendAsync("PUT", "/docs?versioning", body);
        Assert.Equal((400, "MalformedXML"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/docs/..%2F..%2Fetc", "XMinioInvalidResourceName")]
    [InlineData("/docs/a%5C..%5Cb", "XMinioInvalidResourceName")]
    [InlineData("/..%2Fdocs", "XMinioInvalidResourceName")]
    [InlineData("/Docs", "InvalidBucketName")]
    [InlineData("/do", "InvalidBucketName")]
    [InlineData("/127.0.0.1", "InvalidBucketName")]
    public async Task Names_that_would_leave_their_folder_are_refused(string target, string code)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        using var request = s3.Request("PUT", target, []);
        var reply = await s3.SendAsync(request);
        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task It_fails_when_told_to_before_or_after_the_work()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        s3.Emulator.Faults.Set(new Fault(FaultMode.ServerError) { Status = 503, Count = 1, PathPrefix = "/docs" });
        Assert.Equal(503, (await s3.SendAsync("PUT", "/docs/a", "x")).Status);
        Assert.Equal(404, (await s3.SendAsync("HEAD", "/docs/a")).Status);
        s3.Emulator.Faults.Set(new Fault(FaultMode.ServerError) { Status = 500, Count = 1, AfterWork = true });
        Assert.Equal(500, (await s3.SendAsync("PUT", "/docs/a", "x", "If-None-Match: *")).Status);
        Assert.Equal(412, (await s3.SendAsync("PUT", "/docs/a", "x", "If-None-Match: *")).Status);
    }

    [Fact]
    public async Task Pages_of_a_list_give_every_key_once_in_the_order_of_its_bytes()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        string[] keys = ["a", "a/1", "a/2", "b", "b/c/d", "Z", "é", "\uFFEE", "\U0001F600", "z z+&"];
        foreach (var key in keys)
            await s3.SendAsync("PUT", "/docs/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal), "x");
        var (listed, token) = (new List<string>(), "");
        do
        {
            var goOn = token.Length > 0 ? $"continuation-token={Uri.EscapeDataString(token)}&" : "";
            var page = await s3.SendAsync("GET", $"/docs?{goOn}list-type=2&max-keys=3");
            listed.AddRange(page.Values("Key"));
            token = page.Values("NextContinuationToken").SingleOrDefault() ?? "";
        }
        while (token.Length > 0);
        Assert.Equal(keys.OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal), listed);
        var folders = await s3.SendAsync("GET", "/docs?delimiter=%2F&list-type=2&max-keys=3");
        Assert.Equal(["Z", "a"], folders.Values("Key"));
        Assert.Equal(["", "a/"], folders.Values("Prefix"));
    }

    [Fact]
    public async Task A_checksum_is_kept_and_copied_and_one_is_made_for_a_copy_without()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        await s3.SendAsync("PUT", "/docs/sum", "123456789", "x-amz-checksum-crc32c: 4waSgw==");
        await s3.SendAsync("PUT", "/docs/none", "123456789");
        var copy = await s3.SendAsync("PUT", "/docs/copy", "", "x-amz-copy-source: docs/sum");
        var other = await s3.SendAsync("PUT", "/docs/other", "", "x-amz-copy-source: /docs/none");
        Assert.Equal(("4waSgw==", "rosUhgp5mIg="), (copy.Headers["X-Amz-Checksum-Crc32c"], other.Headers["X-Amz-Checksum-Crc64nvme"]));
        Assert.Equal("123456789", (await s3.SendAsync("GET", "/docs/copy")).Text);
        Assert.Equal(400, (await s3.SendAsync("PUT", "/docs/sum", "", "x-amz-copy-source: /docs/sum")).Status);
        string[] condition = ["x-amz-copy-source: /docs/sum", "x-amz-copy-source-if-none-match: *"];
        Assert.Equal(412, (await s3.SendAsync("PUT", "/docs/x", "", condition)).Status);
    }
}
