using Ledger.AppHost.Dependencies;

namespace Ledger.AppHost.Tests.Model;

/// <summary>What the one condition chooses between.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Programs =
        ["api", "migrate", "replay-dead-letters", "setup-database", "setup-storage", "setup-vault", "tenant-demo", "workers"];

    private static readonly string[] Services = [ServiceNames.Keycloak, ServiceNames.Mail, ServiceNames.Postgres, ServiceNames.Rekor,
        ServiceNames.Storage, ServiceNames.Timestamping, ServiceNames.Vault];

    [Theory, MemberData(nameof(LedgerModel.Both), MemberType = typeof(LedgerModel))]
    public async Task Both_have_the_same_services_by_the_same_names_and_the_same_ledger(string dependencies)
    {
        await using var model = await LedgerModel.OfAsync(dependencies);
        // A connection string is a parameter.
        var names = model.Names.Append(ServiceNames.Postgres).Distinct().ToList();
        Assert.Empty(Programs.Concat(Services).Except(names));
        Assert.Equal(
            dependencies == LedgerModel.Containers ? ["rekor-database", "rekor-log-server", "rekor-log-signer", "rekor-redis"] : [],
            names.Except(Programs).Except(Services).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("workers")]
    [InlineData("migrate")]
    public async Task Both_give_a_program_the_same_variables(string program)
    {
        await using var containers = await LedgerModel.OfAsync(LedgerModel.Containers);
        await using var emulators = await LedgerModel.OfAsync(LedgerModel.Emulators);
        Assert.Equal((await containers.EnvironmentAsync(program)).Keys.Order(StringComparer.Ordinal),
            (await emulators.EnvironmentAsync(program)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_emulators_there_is_no_container()
    {
        await using var model = await LedgerModel.OfAsync(LedgerModel.Emulators);
        Assert.Empty(model.Resources.OfType<ContainerResource>());
    }

    [Fact]
    public async Task Every_container_is_one_of_the_pinned_images_and_keeps_nothing()
    {
        await using var model = await LedgerModel.OfAsync(LedgerModel.Containers);
        var containers = model.Resources.OfType<ContainerResource>().ToList();
        var images = containers.Select(c => c.Annotations.OfType<ContainerImageAnnotation>().Last())
            .Select(image => new PinnedImage(image.Registry!, image.Image, image.Tag!)).ToList();
        PinnedImage[] pinned = [ImageTags.Postgres, ImageTags.Keycloak, ImageTags.Vault, ImageTags.Minio, ImageTags.Rekor,
            ImageTags.TrillianLogServer, ImageTags.TrillianLogSigner, ImageTags.TrillianDatabase, ImageTags.Redis,
            ImageTags.TimestampServer, ImageTags.Mailpit];
        Assert.Equal(pinned.Select(p => p.ToString()).Order(StringComparer.Ordinal),
            images.Select(i => i.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(containers.SelectMany(c => c.Annotations.OfType<ContainerMountAnnotation>()));
    }

    [Fact]
    public async Task An_emulator_is_told_its_name_its_port_and_where_its_state_is()
    {
        await using var model = await LedgerModel.OfAsync(LedgerModel.Emulators);
        foreach (var (resource, emulator) in new[] { ("vault", "vault"), ("keycloak", "keycloak"), ("storage", "s3"), ("rekor", "rekor"),
            ("timestamping", "tsa"), ("mail", "smtp") })
        {
            var arguments = await ArgumentsAsync(model, resource);
            Assert.Equal(["emulator", emulator, "--state"], arguments[..3]);
            Assert.True((await model.EnvironmentAsync(resource)).ContainsKey("EMULATOR_PORT"), resource);
        }
    }

#pragma warning disable CS0618 // As in LedgerModel.
    private static async Task<string[]> ArgumentsAsync(LedgerModel model, string name) =>
        await model.Resource<IResourceWithArgs>(name).GetArgumentValuesAsync(DistributedApplicationOperation.Publish);
#pragma warning restore CS0618
}
