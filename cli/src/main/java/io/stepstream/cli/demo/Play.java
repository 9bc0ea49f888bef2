package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.cli.demo.ApprovalLetter.Links;
import io.stepstream.cli.dev.Trouble;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** One execution as it goes: tells what has happened since it last looked, shows the links, and uses one if it shall. */
final class Play {

    private final WaitingList.Started execution;
    private final ApprovalDemo.Answer answer;
    private final GatewayClient gateway;
    private final MailServer mails;
    private final URI inbox;
    private final PrintWriter out;
    private final Instant began = Instant.now();
    private long lastEvent;
    private boolean linksShown;

    Play(
            WaitingList.Started execution,
            ApprovalDemo.Answer answer,
            GatewayClient gateway,
            MailServer mails,
            URI inbox,
            PrintWriter out) {
        this.execution = execution;
        this.answer = answer;
        this.gateway = gateway;
        this.mails = mails;
        this.inbox = inbox;
        this.out = out;
    }

    WaitingList.Started execution() {
        return execution;
    }

    /** Tells what is new and does what is to be done about it; answers the execution as it is now. */
    JsonNode look() throws InterruptedException {
        // First how it stands, then its history: so the history of one that has ended is told to its end.
        JsonNode now = gateway.execution(execution.id());
        for (JsonNode event : gateway.history(execution.id(), lastEvent)) {
            lastEvent = event.path("id").asLong();
            Story.tell(event).ifPresent(this::say);
        }
        if (!linksShown && now.path("status").asText().equals("RUNNING")) {
            Optional<Links> links = links();
            if (links.isPresent()) {
                linksShown = true;
                present(links.get());
            }
        }
        return now;
    }

    private Optional<Links> links() {
        return mails.mails().stream()
                .filter(mail -> mail.text().contains(ApprovalLetter.reference(execution.arn())))
                .flatMap(mail -> Links.in(mail).stream())
                .findFirst();
    }

    private void present(Links links) throws InterruptedException {
        out.printf("%n    approve  %s%n    deny     %s%n    inbox    %s%n%n", links.approve(), links.deny(), inbox);
        switch (answer) {
            case BY_A_PERSON ->
                out.println("    Open a link in a browser and decide. It waits for you, for days if need be.\n");
            case APPROVE -> decide(links.approve(), "Approved by --auto.");
            case DENY -> decide(links.deny(), "Denied by --auto --deny.");
        }
        out.flush();
    }

    private void decide(URI link, String comment) throws InterruptedException {
        String page = gateway.page(link);
        if (!page.contains("<form")) {
            throw new Trouble("the link's page offers no decision; it is " + page.length() + " characters of: " + page);
        }
        say("the mail's link was opened: its page asks, and nothing is decided yet");
        gateway.decide(link, comment);
        say("its button was pressed");
    }

    private void say(String words) {
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, words);
        out.flush();
    }
}
