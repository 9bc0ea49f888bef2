package io.stepstream.cli.limits;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.GatewayOptions;
import io.stepstream.cli.NativeApi;
import java.io.PrintWriter;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stepstream limits set}. */
@Command(
        name = "set",
        description = "Sets a limit, or changes it: what runs beyond a lower one goes on.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it is set", "1:it was refused, or the gateway could not be asked", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class SetCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ArgGroup(multiplicity = "1")
    private WhatOptions what = new WhatOptions();

    @Parameters(paramLabel = "MOST", description = "How many at once, from 1.")
    private int most;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    private final PrintWriter out;

    SetCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var body = JSON.createObjectNode().put(what.member(), what.name()).put(what.most(), most);
        var answer = gateway.ask(
                "/v1/limits",
                request -> request.header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body.toString())));
        out.println(what.text() + ": at most " + most + " at once, since "
                + NativeApi.json(answer).path("updateDate").asText());
        return 0;
    }
}
