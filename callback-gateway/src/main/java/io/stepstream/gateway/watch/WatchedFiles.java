package io.stepstream.gateway.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something happened in the folders of some files. Folders are watched, not files: a secret that is mounted, or replaced
 * by a move, is another file after each change.
 */
public final class WatchedFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final WatchService events;

    private WatchedFiles(WatchService events) {
        this.events = events;
    }

    /**
     * Watches from when this returns.
     *
     * @param changed called after any change in the files' folders, one call at a time; looks itself whether its files are others
     */
    public static WatchedFiles watch(List<Path> files, Runnable changed) {
        try {
            var events = FileSystems.getDefault().newWatchService();
            var folders = files.stream()
                    .map(file -> file.toAbsolutePath().getParent())
                    .collect(Collectors.toSet());
            for (var folder : folders) {
                folder.register(
                        events,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
            var watched = new WatchedFiles(events);
            Thread.ofVirtual().name("gateway-files").start(() -> watched.run(changed));
            return watched;
        } catch (IOException e) {
            throw new UncheckedIOException("the folders of " + files + " cannot be watched", e);
        }
    }

    private void run(Runnable changed) {
        try {
            while (true) {
                var key = events.take();
                key.pollEvents();
                key.reset();
                try {
                    changed.run();
                } catch (RuntimeException e) {
                    LOG.error("What has changed in a folder could not be taken over", e);
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("The watch ends");
        }
    }

    @Override
    public void close() {
        try {
            events.close();
        } catch (IOException e) {
            LOG.debug("The watch did not end well: {}", e.toString());
        }
    }
}
