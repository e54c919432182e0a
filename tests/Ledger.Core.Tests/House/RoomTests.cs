namespace Ledger.Core.Tests.House;

/// <summary>The rooms inside a project and the arrows between them.</summary>
public sealed class RoomTests
{
    [Fact]
    public void A_room_of_Core_uses_only_the_rooms_below_it() => Assert.Empty(Plan.CoreRooms.Refused(Edges("Ledger.Core", Plan.CoreRooms)));

    [Fact]
    public void A_room_of_Verify_uses_only_the_rooms_below_it() =>
        Assert.Empty(Plan.VerifyRooms.Refused(Edges("Ledger.Verify", Plan.VerifyRooms)));

    [Fact]
    public void Every_room_of_Core_and_Verify_has_its_place_in_the_plan()
    {
        Assert.Empty(RoomsOf("Ledger.Core").Except(Plan.CoreRooms.Names));
        Assert.Empty(RoomsOf("Ledger.Verify").Except(Plan.VerifyRooms.Names));
    }

    [Fact]
    public void The_plans_of_the_rooms_have_no_cycle()
    {
        Assert.Null(Plan.Cycle(Plan.CoreRooms.Edges));
        Assert.Null(Plan.Cycle(Plan.VerifyRooms.Edges));
    }

    [Fact]
    public void A_namespace_is_its_folder() =>
        Assert.Empty(SourceFile.CSharp.Where(f => f.DeclaredNamespace is { } declared && declared != f.ExpectedNamespace)
            .Select(f => $"{f.Path}: {f.DeclaredNamespace}, expected {f.ExpectedNamespace}"));

    [Theory]
    [InlineData("using Ledger.Core.Checkpoints;")]
    [InlineData("using static Ledger.Core.Checkpoints.Heads;")]
    [InlineData("using Heads = Ledger.Core.Checkpoints.Heads;")]
    [InlineData("class A { object b = Checkpoints.Heads.Read(); }")]
    [InlineData("class A { object b = new Ledger.Core.Checkpoints.Heads(); }")]
    [InlineData("class A(Checkpoints.Heads heads);")]
    public void Using_Checkpoints_from_Entries_would_be_refused(string code)
    {
        var file = new SourceFile("Ledger.Core/Entries/Bad.cs", code);
        Assert.Equal([new Edge("Entries", "Checkpoints")], Plan.CoreRooms.Refused(Edges([file], Plan.CoreRooms)));
    }

    [Fact]
    public void Speaking_of_a_room_in_a_comment_or_a_string_is_no_use_of_it()
    {
        var file = new SourceFile("Ledger.Core/Entries/Good.cs",
            "// see Ledger.Core.Checkpoints.Heads\nclass A { string b = \"Checkpoints.Heads \"; } /* Checkpoints.Heads. */");
        Assert.Empty(Edges([file], Plan.CoreRooms));
    }

    [Fact]
    public void A_wrong_namespace_would_be_seen()
    {
        var file = new SourceFile("tests/Ledger.Core.Tests/House/Bad.cs", "namespace Ledger.Core.Tests;\n");
        Assert.Equal(("Ledger.Core.Tests", "Ledger.Core.Tests.House"), (file.DeclaredNamespace, file.ExpectedNamespace));
    }

    private static IEnumerable<string> RoomsOf(string project) =>
        SourceFile.CSharp.Where(f => f.Project == project).Select(f => f.Room).Distinct();

    private static IEnumerable<Edge> Edges(string project, Plan plan) => Edges(SourceFile.CSharp.Where(f => f.Project == project), plan);

    private static IEnumerable<Edge> Edges(IEnumerable<SourceFile> files, Plan plan) =>
        files.SelectMany(f => f.RoomsUsed(plan.Names).Select(to => new Edge(f.Room, to))).Distinct();
}
