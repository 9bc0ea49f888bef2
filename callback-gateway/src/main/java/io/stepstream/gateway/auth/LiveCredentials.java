package io.stepstream.gateway.auth;

import io.stepstream.gateway.watch.WatchedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The credentials in a file, as it is now. What it cannot read it does not take over: those before stay good, and it says so. */
public final class LiveCredentials implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveCredentials.class);

    private final Path file;
    private final WatchedFiles watch;
    private volatile State state;

    /**
     * @param text of the file that was looked at last
     * @param problem why that is not what is in force
     */
    private record State(Credentials credentials, String text, Optional<String> problem) {}

    private LiveCredentials(Path file, State state) {
        this.file = file;
        this.state = state;
        this.watch = WatchedFiles.watch(List.of(file), this::reload);
        reload();
    }

    /**
     * Reads the file, and again whenever it changes.
     *
     * @throws IllegalArgumentException if it cannot be read now
     */
    public static LiveCredentials open(Path file) {
        try {
            var text = CredentialsFile.read(file);
            return new LiveCredentials(
                    file, new State(CredentialsFile.parse(text, file.toString()), text, Optional.empty()));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The credentials file %s cannot be read (%s); make one by 'stepstream keys create'"
                            .formatted(file, e),
                    e);
        }
    }

    Credentials now() {
        return state.credentials();
    }

    /** Why the file as it is now is not in force; empty if it is. */
    public Optional<String> problem() {
        return state.problem();
    }

    private synchronized void reload() {
        var before = state;
        try {
            var text = CredentialsFile.read(file);
            if (text.equals(before.text())) {
                return;
            }
            state = new State(before.credentials(), text, before.problem());
            state = new State(CredentialsFile.parse(text, file.toString()), text, Optional.empty());
            LOG.info("The credentials file {} has changed and is in force: {}", file, state.credentials());
        } catch (IOException | IllegalArgumentException e) {
            var problem = "The credentials file has changed and cannot be used, the one before stays in force: "
                    + (e instanceof IOException ? file + " cannot be read" : e.getMessage());
            if (!Optional.of(problem).equals(before.problem())) {
                LOG.error(problem);
            }
            state = new State(before.credentials(), state.text(), Optional.of(problem));
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
