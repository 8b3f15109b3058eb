package io.moongate.manifest.file;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that a reader sees either as they were or as they shall be, also after a power cut. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** What a file shall hold, written piece by piece. */
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text));
    }

    static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("no folder for " + file);
        }
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, ".moongate-", ".tmp");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                var out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
