using Ledger.ServiceDefaults.Operations;
using Microsoft.AspNetCore.Http;

namespace Ledger.ServiceDefaults.Tests.Operations;

public class RequestIdsTests
{
    [Fact]
    public async Task A_callers_id_comes_back()
    {
        Assert.Equal("ticket-4711", await IdForAsync("ticket-4711"));
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("x\ty")]
    [InlineData("schöne-id")]
    public async Task An_id_that_could_garble_a_log_is_replaced(string given)
    {
        var id = await IdForAsync(given);
        Assert.NotEqual(given, id);
        Assert.NotEmpty(id);
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_replaced()
    {
        Assert.Equal(new string('a', RequestIds.MaxLength), await IdForAsync(new string('a', RequestIds.MaxLength)));
        Assert.True((await IdForAsync(new string('a', RequestIds.MaxLength + 1))).Length < RequestIds.MaxLength);
    }

    [Fact]
    public async Task Without_one_each_request_gets_an_id_of_its_own()
    {
        Assert.NotEqual(await IdForAsync(null), await IdForAsync(null));
    }

    private static async Task<string> IdForAsync(string? given)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
            context.Response.WriteAsync(context.RequestId()), requestIds: true);
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        if (given is not null) request.Headers.TryAddWithoutValidation(RequestIds.Header, given);
        using var answer = await http.SendAsync(request);
        var id = Assert.Single(answer.Headers.GetValues(RequestIds.Header));
        Assert.Equal(id, await answer.Content.ReadAsStringAsync());
        return id;
    }
}
