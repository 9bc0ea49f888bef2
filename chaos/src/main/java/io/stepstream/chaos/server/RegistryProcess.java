package io.stepstream.chaos.server;

import io.stepstream.local.LocalRegistry;

/** A schema registry that can go away without its broker. */
public final class RegistryProcess {
    private RegistryProcess() {}

    /** Arguments: bootstrap servers, port. */
    public static void main(String[] args) {
        var registry = LocalRegistry.start(args[0], Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
        System.out.println("ready " + registry.uri());
    }
}
