package io.stepstream.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** Stands where a command takes the gateway to be, and answers what the real one would. */
public final class StandInGateway implements AutoCloseable {
    private final String command;
    private final HttpServer server;

    /** What is answered to a request. */
    public record Answer(int status, String body) {}

    /** Answers a request. */
    @FunctionalInterface
    public interface Answering {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    /** For a command of this name, such as {@code executions}. */
    public StandInGateway(String command, Answering answering) throws IOException {
        this.command = command;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/" + command, exchange -> {
            try (exchange) {
                var answer = answering.answer(exchange);
                var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** What the command says when it is given with these arguments, and this gateway. */
    public Said said(String... args) {
        var all = new ArrayList<>(List.of(command));
        all.addAll(List.of(args));
        all.add("--gateway=http://127.0.0.1:" + server.getAddress().getPort());
        return Said.by(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
