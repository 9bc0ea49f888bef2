package io.stepstream.cli.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether ports are free before anything is started, so that the answer is quick and names the option to change. */
final class Ports {

    private Ports() {}

    static void requireFree(int port, String use, String option) {
        try (var socket = new ServerSocket()) {
            // As the servers themselves do: a port whose last connections linger may be used again.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new Trouble(
                    "port " + port + " for " + use + " is in use; stop what listens there, or choose another by "
                            + option,
                    e);
        }
    }
}
