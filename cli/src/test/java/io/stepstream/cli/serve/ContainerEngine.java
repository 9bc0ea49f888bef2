package io.stepstream.cli.serve;

import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** The container engine that a test would use, as far as the test must know it. */
sealed interface ContainerEngine {

    /** There is none, or it does not answer. */
    record Silent() implements ContainerEngine {}

    /**
     * One that answers.
     *
     * @param socket where it does
     * @param missing images that are asked for and that it does not have
     */
    record Answering(URI socket, List<String> missing) implements ContainerEngine {}

    /** Asks for an engine as Testcontainers finds it, and for its images. */
    static ContainerEngine with(Stream<String> images) {
        var engine = DockerClientFactory.instance();
        return engine.isDockerAvailable()
                ? new Answering(
                        engine.getTransportConfig().getDockerHost(),
                        images.distinct().filter(ContainerEngine::isMissing).toList())
                : new Silent();
    }

    private static boolean isMissing(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return false;
        } catch (NotFoundException e) {
            return true;
        }
    }

    /** Why tests in containers cannot be done, and what to do; empty if they can. */
    default Optional<String> hindrance() {
        return switch (this) {
            case Silent _ ->
                Optional.of("no container engine answers: start one, or set DOCKER_HOST (docs/containers.md)");
            case Answering(var socket, var _)
            when !String.valueOf(socket.getScheme()).matches("unix|npipe") ->
                Optional.of(
                        "the container engine is " + socket
                                + ": the test reaches ports on 127.0.0.1 of its own machine only; unset DOCKER_HOST, or set it to a socket of this machine");
            case Answering(var _, var missing)
            when !missing.isEmpty() ->
                Optional.of(
                        "the engine has no image " + String.join(", nor ", missing)
                                + ": deploy/build-image.sh builds ours, `docker compose --profile monitoring pull` gets the others, and deploy/local-images.sh builds stand-ins of all");
            case Answering _ -> Optional.empty();
        };
    }
}
