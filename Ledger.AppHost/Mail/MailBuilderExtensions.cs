namespace Ledger.AppHost.Mail;

internal static class MailBuilderExtensions
{
    public const string SmtpEndpoint = "smtp";

    private const int SmtpPort = 1025, PagePort = 8025;

    /// <summary>Adds a mail server that delivers nothing and shows every mail on a page.</summary>
    public static IResourceBuilder<ContainerResource> AddMailpit(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new ContainerResource(name))
            .WithPinnedImage(ImageTags.Mailpit)
            .WithIconName("Mail")
            .WithEndpoint(targetPort: SmtpPort, name: SmtpEndpoint, scheme: "smtp")
            .WithHttpEndpoint(targetPort: PagePort, name: "http")
            .WithHttpHealthCheck("/readyz");
}
