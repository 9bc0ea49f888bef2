package io.stepstream.gateway.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.avro.Route;
import java.util.List;
import java.util.zip.CRC32C;

/** Chooses the version that an alias sends an execution to. */
final class Routing {
    private static final int HUNDRED = 100;

    private Routing() {}

    /** By weight; the same seed gives the same version, so that a start that is sent again does not change its mind. */
    static long choose(List<Route> routes, String seed) {
        var hash = new CRC32C();
        hash.update(seed.getBytes(UTF_8));
        var drawn = hash.getValue() % HUNDRED;
        var passed = 0;
        for (var route : routes) {
            passed += route.getWeight();
            if (drawn < passed) {
                return route.getVersion();
            }
        }
        return routes.getLast().getVersion();
    }
}
