package io.stepstream.gateway.http;

import java.net.InetAddress;

/** Where a request came from that a trusted proxy has passed on; in the request's context. */
public record ClientAddress(InetAddress address) {}
