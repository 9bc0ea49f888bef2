package io.stepstream.cli.demo;

import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskError;
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

/** Sends mail by SMTP, and says by which error a task fails when that cannot be done. */
final class Postman {

    /** Worth another attempt. */
    static final String SERVER_UNREACHABLE = "MailServerUnreachable";

    /** No attempt will do better. */
    static final String NOT_SENT = "MailNotSent";

    private static final String FROM = "approvals@stepstream.example";

    private final Session session;

    Postman(String host, int port) {
        var properties = new Properties();
        properties.put("mail.smtp.host", host);
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.connectiontimeout", "5000");
        properties.put("mail.smtp.timeout", "10000");
        this.session = Session.getInstance(properties);
    }

    void send(String to, String subject, String text, String html) throws TaskError {
        try {
            Transport.send(message(to, subject, text, html));
        } catch (AddressException e) {
            throw new PoisonousRequest(NOT_SENT, "\"" + to + "\" is no mail address: " + e.getMessage(), e);
        } catch (SendFailedException e) {
            throw new PoisonousRequest(
                    NOT_SENT, "the mail server refused the mail to " + to + ": " + e.getMessage(), e);
        } catch (MessagingException e) {
            throw new TaskError(SERVER_UNREACHABLE, "no mail could be sent to " + to + ": " + e.getMessage(), e);
        }
    }

    private MimeMessage message(String to, String subject, String text, String html) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(FROM));
        var address = new InternetAddress(to, true);
        address.validate();
        message.setRecipient(Message.RecipientType.TO, address);
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Instant.now()));
        var plain = new MimeBodyPart();
        plain.setText(text, StandardCharsets.UTF_8.name());
        var rich = new MimeBodyPart();
        rich.setText(html, StandardCharsets.UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", plain, rich));
        return message;
    }
}
