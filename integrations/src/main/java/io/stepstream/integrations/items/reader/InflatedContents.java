package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What gzip files inflate to, each in a temporary file: gzip cannot be entered in the middle, and inflating from the beginning for every
 * page would cost the square of the file. The files are bounded together; those read least lately go first.
 */
final class InflatedContents implements AutoCloseable {

    private final long mostBytes;
    private final Map<StoredObject, Path> files = new LinkedHashMap<>(16, 0.75f, true);
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Keeps temporary files.
     *
     * @param mostBytes of all of them, and so of each
     */
    InflatedContents(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The bytes of an object, inflated if its key ends in {@code .gz}. */
    Content of(ObjectStore store, StoredObject object) throws ItemReaderFailed, IOException {
        var stored = new StoredContent(store, object);
        if (!object.address().key().endsWith(".gz") || object.size() == 0) {
            return stored;
        }
        lock.lock();
        try {
            Path file = files.get(object);
            if (file == null) {
                file = inflate(stored);
                files.put(object, file);
                bound(file);
            }
            // Opened under the lock: a file that goes while it is open stays readable to its end.
            return new Inflated(stored.name(), FileChannel.open(file, StandardOpenOption.READ));
        } finally {
            lock.unlock();
        }
    }

    private Path inflate(StoredContent stored) throws ItemReaderFailed, IOException {
        Path file = Files.createTempFile("stepstream-items-", ".inflated");
        try (InputStream in = new GZIPInputStream(new ContentStream(stored, 0), 64 * 1024);
                OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            long written = 0;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                written += length;
                if (written > mostBytes) {
                    throw new ItemReaderFailed(stored.name() + " inflates to more than " + mostBytes
                            + " bytes; split it into smaller files, or raise the setting for inflated files");
                }
                out.write(buffer, 0, length);
            }
            return file;
        } catch (ZipException | EOFException e) {
            Files.delete(file);
            throw new ItemReaderFailed(
                    stored.name() + " is not valid gzip (" + e.getMessage() + "); its key ends in .gz, so it must be",
                    e);
        } catch (IOException | ItemReaderFailed e) {
            Files.delete(file);
            throw e;
        }
    }

    private void bound(Path newest) throws IOException {
        long total = 0;
        for (Path file : files.values()) {
            total += Files.size(file);
        }
        Iterator<Path> eldest = files.values().iterator();
        while (total > mostBytes && eldest.hasNext()) {
            Path file = eldest.next();
            if (!file.equals(newest)) {
                total -= Files.size(file);
                Files.delete(file);
                eldest.remove();
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (Path file : files.values()) {
                Files.deleteIfExists(file);
            }
            files.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("temporary files of the item reader cannot be deleted", e);
        } finally {
            lock.unlock();
        }
    }

    /** An inflated file, open for the time of one page. */
    private record Inflated(String name, FileChannel channel) implements Content {

        @Override
        public long size() {
            try {
                return channel.size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] read(long from, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, channel.size() - from));
            while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
                // Until it is full: nobody shortens the file.
            }
            return buffer.array();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
