package io.moongate.cli.run;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to. When it has been renamed or removed, as rotating does, the next write opens it anew: no
 * signal is needed. Used by one thread.
 */
final class LogFile extends OutputStream {
    private static final long CHECK_NANOS = 1_000_000_000;

    private final Path path;
    private @Nullable OutputStream out;
    private Optional<Object> opened = Optional.empty();
    private long checked = System.nanoTime() - CHECK_NANOS;

    /** @param name {@code -} is standard output, {@code none} nowhere, all else a file, which need not be writable yet */
    static OutputStream open(String name) {
        if (name.equals("none")) {
            return OutputStream.nullOutputStream();
        }
        return name.equals("-") ? new FileOutputStream(FileDescriptor.out) : new LogFile(Path.of(name));
    }

    LogFile(Path path) {
        this.path = path;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        long now = System.nanoTime();
        if (out == null || now - checked >= CHECK_NANOS) {
            checked = now;
            if (out == null || !identity().equals(opened)) {
                reopen();
            }
        }
        requireOpen().write(bytes, from, length);
    }

    private void reopen() throws IOException {
        // A pipe without a reader would hold up the thread for ever, a directory cannot be written.
        if (Files.exists(path) && !Files.isRegularFile(path) && !isDevice(path)) {
            throw new IOException(path + " is no regular file");
        }
        var next = new FileOutputStream(path.toFile(), true);
        close();
        out = next;
        opened = identity();
    }

    /** {@code /dev/null} and {@code /dev/stdout} are fine; opening them does not block. */
    private static boolean isDevice(Path path) {
        return path.startsWith("/dev");
    }

    private OutputStream requireOpen() throws IOException {
        if (out == null) {
            throw new IOException(path + " is not open");
        }
        return out;
    }

    /** Empty where there is no such file now. */
    private Optional<Object> identity() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
