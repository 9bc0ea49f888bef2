package io.stepstream.cli.limits;

import io.stepstream.cli.GatewayOptions;
import io.stepstream.cli.NativeApi;
import java.io.PrintWriter;
import java.net.http.HttpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stepstream limits remove}. */
@Command(
        name = "remove",
        description = "Removes a limit: what waits begins. One that is not there is as good as removed.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:there is none", "1:it was refused, or the gateway could not be asked", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private WhatOptions what = new WhatOptions();

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    private final PrintWriter out;

    RemoveCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var answer = gateway.ask(
                "/v1/limits?" + what.member() + "=" + NativeApi.encoded(what.name()), HttpRequest.Builder::DELETE);
        out.println(what.text() + ": no limit, since "
                + NativeApi.json(answer).path("updateDate").asText());
        return 0;
    }
}
