package io.stepstream.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Shows what the mail server received, as a page on loopback. */
final class Inbox implements AutoCloseable {

    private static final Pattern LINK = Pattern.compile("https?://[A-Za-z0-9._~:/?#%=&amp;+-]+");
    private static final Pattern LOCAL_HOST = Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?");

    private final HttpServer server;
    private final MailServer mails;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Inbox(HttpServer server, MailServer mails) {
        this.server = server;
        this.mails = mails;
    }

    static Inbox start(MailServer mails, int port) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            var inbox = new Inbox(server, mails);
            server.setExecutor(inbox.threads);
            server.createContext("/", inbox::answer);
            server.start();
            return inbox;
        } catch (IOException e) {
            throw new Trouble(
                    "port " + port
                            + " for the demo's inbox is in use (it is --http-port plus 2); choose another by --http-port",
                    e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/inbox");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            if (host == null || !LOCAL_HOST.matcher(host).matches()) {
                // A page elsewhere could point its own name at us, and read the links.
                send(exchange, 421, "<p>This inbox is for localhost.</p>");
            } else if (!exchange.getRequestURI().getPath().equals("/inbox")) {
                send(exchange, 404, "<p>Only <a href=\"/inbox\">the inbox</a> is here.</p>");
            } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
                send(exchange, 405, "<p>Mails can be read here, and nothing else.</p>");
            } else {
                send(exchange, 200, content());
            }
        }
    }

    private String content() {
        List<Mail> all = mails.mails();
        return all.isEmpty()
                ? "<p>No mail yet.</p>"
                : all.stream().map(Inbox::article).collect(Collectors.joining("\n"));
    }

    private static String article(Mail mail) {
        String text = LINK.matcher(Html.escape(mail.text())).replaceAll("<a href=\"$0\">$0</a>");
        return """
                <article>
                <h2>%s</h2>
                <p class="meta">From %s to %s, <time>%s</time></p>
                <div class="text">%s</div>
                </article>""".formatted(
                        Html.escape(mail.subject()),
                        Html.escape(mail.from()),
                        Html.escape(mail.to()),
                        mail.receivedAt().truncatedTo(ChronoUnit.SECONDS),
                        text);
    }

    private static void send(HttpExchange exchange, int status, String content) throws IOException {
        String page = """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Inbox</title>
                <style>
                body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
                article { border: 1px solid #ccc; border-radius: .5rem; padding: 0 1rem 1rem; margin: 1rem 0 }
                .meta { color: #555 } .text { white-space: pre-wrap; overflow-wrap: anywhere }
                @media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 } a { color: #8ab4f8 } .meta { color: #aaa } article { border-color: #444 } }
                </style></head><body><main><h1>Inbox</h1>
                %s
                </main></body></html>
                """.formatted(content);
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/html; charset=utf-8");
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        boolean bodiless = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
        if (!bodiless) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
