package io.stepstream.integrations.notify;

import io.stepstream.integrations.retry.Backoff;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskError;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/** Sends mail by SMTP, and says by which error a task fails when that cannot be done. */
public final class Mailer {

    /** Worth another attempt. */
    public static final String SERVER_UNREACHABLE = "MailServerUnreachable";

    /** No attempt will do better. */
    public static final String NOT_SENT = "MailNotSent";

    private static final int PERMANENT = 500;

    private final SmtpSettings settings;
    private final Backoff backoff;
    private final Session session;

    public Mailer(SmtpSettings settings) {
        this(settings, Backoff.DEFAULT);
    }

    Mailer(SmtpSettings settings, Backoff backoff) {
        this.settings = settings;
        this.backoff = backoff;
        this.session = Session.getInstance(properties(settings));
    }

    private static Properties properties(SmtpSettings settings) {
        var properties = new Properties();
        properties.put("mail.smtp.host", settings.host());
        properties.put("mail.smtp.port", Integer.toString(settings.port()));
        properties.put("mail.smtp.connectiontimeout", "5000");
        properties.put("mail.smtp.timeout", "10000");
        properties.put("mail.smtp.writetimeout", "10000");
        properties.put("mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
        switch (settings.encryption()) {
            case NONE -> {}
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.required", "true");
                properties.put("mail.smtp.ssl.checkserveridentity", "true");
            }
            case TLS -> {
                properties.put("mail.smtp.ssl.enable", "true");
                properties.put("mail.smtp.ssl.checkserveridentity", "true");
            }
        }
        return properties;
    }

    /**
     * Sends a letter, at several attempts if need be.
     *
     * @throws PoisonousRequest {@value #NOT_SENT}: the address is none, or the server does not want the mail
     * @throws TaskError {@value #SERVER_UNREACHABLE}
     */
    public void send(Letter letter) throws TaskError {
        backoff.run(() -> attempt(letter));
    }

    private void attempt(Letter letter) throws TaskError {
        var to = letter.to();
        try {
            var message = message(letter);
            if (settings.login().isPresent()) {
                var login = settings.login().get();
                Transport.send(message, login.user(), login.password());
            } else {
                Transport.send(message);
            }
        } catch (AddressException e) {
            throw new PoisonousRequest(NOT_SENT, "\"" + to + "\" is no mail address: " + e.getMessage(), e);
        } catch (AuthenticationFailedException e) {
            throw new PoisonousRequest(NOT_SENT, "the mail server does not take the login", e);
        } catch (SendFailedException e) {
            if (isForNow(e)) {
                throw new TaskError(
                        SERVER_UNREACHABLE, "the mail to " + to + " is refused for now: " + e.getMessage(), e);
            }
            throw new PoisonousRequest(
                    NOT_SENT, "the mail server refused the mail to " + to + ": " + e.getMessage(), e);
        } catch (MessagingException e) {
            throw new TaskError(SERVER_UNREACHABLE, "no mail could be sent to " + to + ": " + e.getMessage(), e);
        }
    }

    /** Whether a reply code begins with 4 (RFC 5321, section 4.2.1), as of a mailbox that is full. */
    private static boolean isForNow(MessagingException failure) {
        for (Exception cause = failure; cause instanceof MessagingException inner; cause = inner.getNextException()) {
            var code = switch (inner) {
                case SMTPSendFailedException sent -> sent.getReturnCode();
                case SMTPAddressFailedException address -> address.getReturnCode();
                default -> 0;
            };
            if (code > 0) {
                return code < PERMANENT;
            }
        }
        return false;
    }

    private MimeMessage message(Letter letter) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(settings.from()));
        var address = new InternetAddress(letter.to(), true);
        address.validate();
        message.setRecipient(Message.RecipientType.TO, address);
        // A line end in a subject would begin another header.
        message.setSubject(letter.subject().replaceAll("\\p{Cntrl}+", " "), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Instant.now()));
        var plain = new MimeBodyPart();
        plain.setText(letter.text(), StandardCharsets.UTF_8.name());
        var rich = new MimeBodyPart();
        rich.setText(letter.html(), StandardCharsets.UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", plain, rich));
        return message;
    }
}
