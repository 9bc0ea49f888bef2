package io.stepstream.integrations.http;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Addresses that may be called. Each is written {@code https://api.example.org}, with a port and the beginning of a path if wanted;
 * {@code *.example.org} stands for every name below it, and not for the name itself.
 */
public final class AllowedEndpoints {

    private record Pattern(String scheme, String host, int port, String path) {
        boolean allows(String otherScheme, String otherHost, int otherPort, String otherPath) {
            var hostFits = host.startsWith("*.") ? otherHost.endsWith(host.substring(1)) : otherHost.equals(host);
            return hostFits && otherScheme.equals(scheme) && otherPort == port && within(otherPath);
        }

        /** A path ends at a slash: /v1 does not allow /v10. */
        private boolean within(String otherPath) {
            return path.isEmpty() || otherPath.equals(path) || otherPath.startsWith(path + "/");
        }
    }

    private final List<Pattern> patterns;

    private AllowedEndpoints(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    /**
     * The addresses that these texts stand for.
     *
     * @param setting where they come from, for the message
     * @throws IllegalArgumentException if one is no address
     */
    public static AllowedEndpoints of(String setting, Collection<String> texts) {
        return new AllowedEndpoints(
                texts.stream().map(text -> pattern(setting, text)).toList());
    }

    private static Pattern pattern(String setting, String text) {
        URI uri;
        try {
            uri = URI.create(text.replaceFirst("://\\*\\.", "://"));
        } catch (IllegalArgumentException e) {
            throw malformed(setting, text, e);
        }
        if (uri.getHost() == null || port(uri) < 0 || uri.getUserInfo() != null || uri.getQuery() != null) {
            throw malformed(setting, text, new IllegalArgumentException("no scheme and host, or more than an address"));
        }
        var host = (text.contains("://*.") ? "*." : "") + uri.getHost().toLowerCase(Locale.ROOT);
        return new Pattern(scheme(uri), host, port(uri), uri.getPath().replaceFirst("/+$", ""));
    }

    private static IllegalArgumentException malformed(String setting, String text, Exception why) {
        return new IllegalArgumentException(
                setting + " has \"" + text
                        + "\"; it must be like https://api.example.org, https://*.example.org:8443 or https://example.org/v1",
                why);
    }

    /** Whether this address may be called. */
    public boolean allow(URI uri) {
        if (uri.getHost() == null) {
            return false;
        }
        var path = uri.getPath() == null ? "" : uri.getPath();
        // Also what is written %2e%2e: whoever is called may read it as a step out of the path that is allowed.
        if (List.of(path.split("[/\\\\]")).contains("..")) {
            return false;
        }
        return patterns.stream()
                .anyMatch(pattern ->
                        pattern.allows(scheme(uri), uri.getHost().toLowerCase(Locale.ROOT), port(uri), path));
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** -1 for a scheme that is neither http nor https. */
    private static int port(URI uri) {
        return switch (scheme(uri)) {
            case "http" -> uri.getPort() < 0 ? 80 : uri.getPort();
            case "https" -> uri.getPort() < 0 ? 443 : uri.getPort();
            default -> -1;
        };
    }
}
