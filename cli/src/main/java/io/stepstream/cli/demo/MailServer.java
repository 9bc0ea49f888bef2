package io.stepstream.cli.demo;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.stepstream.cli.dev.Trouble;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real SMTP server on loopback. What it receives it keeps in a folder, since a link in a mail outlives a restart. */
final class MailServer implements AutoCloseable {

    private final Path folder;
    private final GreenMail server;
    private final List<Mail> mails = new ArrayList<>();

    private MailServer(Path folder, GreenMail server) {
        this.folder = folder;
        this.server = server;
    }

    static MailServer start(Path folder) {
        var smtp = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        var green = new GreenMail(smtp);
        green.withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        var server = new MailServer(folder, green);
        try {
            Files.createDirectories(folder);
            server.load();
        } catch (IOException | MessagingException e) {
            throw new Trouble(
                    "mails in " + folder + " cannot be read (" + e + "); delete that folder to go on without them", e);
        }
        green.start();
        green.getUserManager().setMessageDeliveryHandler(server::receive);
        return server;
    }

    int smtpPort() {
        return server.getSmtp().getPort();
    }

    /** All mails, the last first. */
    synchronized List<Mail> mails() {
        return mails.reversed().stream().toList();
    }

    /** The last mail that is like this; waits for one at most as long as given. */
    synchronized Optional<Mail> await(Predicate<Mail> like, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            Optional<Mail> found = mails().stream().filter(like).findFirst();
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (found.isPresent() || left <= 0) {
                return found;
            }
            wait(left);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    private GreenMailUser receive(MovingMessage message, MailAddress to) throws MessagingException, UserException {
        Instant now = Instant.now();
        Path file = folder.resolve(now.toEpochMilli() + "-" + System.nanoTime() + ".eml");
        try (OutputStream out = Files.newOutputStream(file)) {
            message.getMessage().writeTo(out);
        } catch (IOException e) {
            throw new MessagingException("mail cannot be kept in " + file, e);
        }
        keep(mail(message.getMessage(), now));
        UserManager users = server.getUserManager();
        GreenMailUser user = users.getUserByEmail(to.getEmail());
        return user != null ? user : users.createUser(to.getEmail(), to.getEmail(), to.getEmail());
    }

    private void load() throws IOException, MessagingException {
        var session = Session.getInstance(new Properties());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".eml")).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    keep(mail(
                            new MimeMessage(session, in),
                            Files.getLastModifiedTime(file).toInstant()));
                }
            }
        }
    }

    private synchronized void keep(Mail mail) {
        mails.add(mail);
        notifyAll();
    }

    private static Mail mail(MimeMessage message, Instant receivedAt) throws MessagingException {
        try {
            return new Mail(
                    receivedAt,
                    Arrays.toString(message.getFrom()).replaceAll("^\\[|]$", ""),
                    Arrays.toString(message.getAllRecipients()).replaceAll("^\\[|]$", ""),
                    Optional.ofNullable(message.getSubject()).orElse("(no subject)"),
                    plainText(message).orElse("(no plain text)"));
        } catch (IOException e) {
            throw new MessagingException("the mail's text cannot be read", e);
        }
    }

    private static Optional<String> plainText(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain")) {
            return Optional.of(part.getContent().toString());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart inner = parts.getBodyPart(i);
                Optional<String> text = plainText(inner);
                if (text.isPresent()) {
                    return text;
                }
            }
        }
        return Optional.empty();
    }
}
