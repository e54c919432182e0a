using Ledger.DevHost.Processes;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.EndToEnd;

public sealed class RunningFromSourceTests
{
    [Fact]
    public async Task Dotnet_run_leaves_it_in_the_folder_where_the_person_is()
    {
        string[] question = ["msbuild", RepositoryPath.Of("Ledger.DevHost"), "-nologo", "-getProperty:RunWorkingDirectory"];

        var folder = await ChildProcess.RunAsync(new("msbuild", DotnetHost.Path, question), CancellationToken.None);

        Assert.Equal("", folder.Trim());
    }
}
