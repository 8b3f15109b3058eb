package io.moongate.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that takes nothing: full, or read-only. Needs root. */
public final class SmallDisk implements AutoCloseable {
    private static final int BYTES = 16 * 1024;

    private final Path folder;

    private SmallDisk(Path folder, String options) throws Exception {
        this.folder = Files.createDirectories(folder);
        Lab.Ended mounted = Lab.ended("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
        assertThat(mounted.exit()).as(mounted.output()).isZero();
    }

    public static SmallDisk full(Path folder) throws Exception {
        var disk = new SmallDisk(folder, "size=" + BYTES);
        disk.fill();
        return disk;
    }

    public static SmallDisk readOnly(Path folder) throws Exception {
        return new SmallDisk(folder, "ro,size=" + BYTES);
    }

    private void fill() throws IOException {
        Path file = folder.resolve("filler");
        try (var out = Files.newOutputStream(file)) {
            out.write(new byte[BYTES]);
            out.write(new byte[BYTES]);
            throw new IllegalStateException("the disk takes more than it should");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() throws Exception {
        Lab.Ended ended = Lab.ended("umount", "-l", folder.toString());
        assertThat(ended.exit()).as(ended.output()).isZero();
    }
}
