using System.ComponentModel;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using Ledger.Core.Jobs;

namespace Ledger.Core.Notifications;

/// <summary>Hands mails to the mail server: one connection for each, 30 s at most.</summary>
public sealed class Mailer(SmtpOptions options, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the server took the mail.</summary>
    /// <exception cref="JobFailedException">Network: no answer, or not now (4xx). Config: never (5xx), or no STARTTLS where it is asked
    /// for. The message has the server's code and no address.</exception>
    public async Task SendAsync(MailMessage mail, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls, UseDefaultCredentials = false };
        if (options.UserName is not null) client.Credentials = new NetworkCredential(options.UserName, options.Password);
        try
        {
            await client.SendMailAsync(mail, either.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new JobFailedException(JobErrorClass.Network, $"smtp: no answer in {Patience.TotalSeconds} s", inner: e);
        }
        catch (SmtpException e)
        {
            throw new JobFailedException(ClassOf(e), $"smtp: {Reason(e)}", inner: e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new JobFailedException(JobErrorClass.Network, $"smtp: {e.Message}", inner: e);
        }
    }

    // GeneralFailure is everything that has no code of the server's: with a cause, a connection that failed; without, a server that lacks
    // what was asked for (STARTTLS).
    private static JobErrorClass ClassOf(SmtpException e) => e.StatusCode switch
    {
        SmtpStatusCode.GeneralFailure => Cause(e) is AuthenticationException or null ? JobErrorClass.Config : JobErrorClass.Network,
        >= (SmtpStatusCode)500 => JobErrorClass.Config,
        _ => JobErrorClass.Network,
    };

    private static string Reason(SmtpException e) => e.StatusCode == SmtpStatusCode.GeneralFailure
        ? (Cause(e) ?? e).Message.ReplaceLineEndings(" ") : $"{(int)e.StatusCode} {e.StatusCode}";

    private static Exception? Cause(Exception e)
    {
        for (var cause = e.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or SocketException or IOException or Win32Exception) return cause;
        }
        return null;
    }
}
