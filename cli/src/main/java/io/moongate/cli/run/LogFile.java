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

/**
 * A file that is appended to. When it has been renamed or removed, as rotating does, the next write opens it anew: no
 * signal is needed. Used by one thread.
 */
final class LogFile extends OutputStream {
    private static final long CHECK_NANOS = 1_000_000_000;

    private final Path path;
    private OutputStream out;
    private Optional<Object> opened;
    private long checked = System.nanoTime();

    /** @param name {@code -} is standard output, {@code none} nowhere, all else a file */
    static OutputStream open(String name) throws IOException {
        if (name.equals("none")) {
            return OutputStream.nullOutputStream();
        }
        return name.equals("-") ? new FileOutputStream(FileDescriptor.out) : new LogFile(Path.of(name));
    }

    LogFile(Path path) throws IOException {
        this.path = path;
        this.out = new FileOutputStream(path.toFile(), true);
        this.opened = identity();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        long now = System.nanoTime();
        if (now - checked >= CHECK_NANOS) {
            checked = now;
            if (!identity().equals(opened)) {
                reopen();
            }
        }
        out.write(bytes, from, length);
    }

    private void reopen() throws IOException {
        var next = new FileOutputStream(path.toFile(), true);
        out.close();
        out = next;
        opened = identity();
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
        out.close();
    }
}
