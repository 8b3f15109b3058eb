package io.moongate.manifest.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Files that a person has named: a pipe in their place must not hold up the process, nor a device fill it. */
public final class RegularFiles {
    /** Of a file of any size that is read; a network's file system may be slow. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(20);

    private static final ExecutorService READERS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("file-reader-", 0).daemon().factory());

    private RegularFiles() {}

    /** Its size said something else, or nothing, as in /proc. */
    static final class TooLarge extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private TooLarge(Path file, int most) {
            super(file + " is larger than " + most + " bytes");
        }
    }

    /**
     * The text of a file; throws where it is no regular file, larger, or no UTF-8.
     *
     * @param most in bytes
     */
    public static String text(Path file, int most) throws IOException {
        byte[] bytes = beginning(file, most + 1);
        if (bytes.length > most) {
            throw new TooLarge(file, most);
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /**
     * For files that a library reads: throws where it is no regular file, or larger.
     *
     * @param most in bytes
     */
    public static void require(Path file, int most) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is no regular file");
        }
        if (attributes.size() > most) {
            throw new TooLarge(file, most);
        }
    }

    /**
     * What a file begins with; throws where it is no regular file.
     *
     * @param most in bytes
     */
    static byte[] beginning(Path file, int most) throws IOException {
        require(file, Integer.MAX_VALUE);
        return read(file, most, LONGEST_READ);
    }

    /**
     * Between the look and the opening a pipe may have taken its place, and to open that waits for its writer: the thread
     * that does so is given up then. It costs its memory until there is a writer, and nobody waits for it.
     */
    static byte[] read(Path file, int most, Duration longest) throws IOException {
        Future<byte[]> bytes = READERS.submit(() -> {
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(most);
            }
        });
        try {
            return bytes.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(file + " could not be read within " + longest.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(file + " was not read");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case Error error -> throw error;
                case null, default -> throw new IOException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** What has failed, in a word: the same failure has the same one, whichever file it was. */
    public static String reason(Throwable e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }
}
