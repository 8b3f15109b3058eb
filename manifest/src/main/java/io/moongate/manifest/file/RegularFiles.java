package io.moongate.manifest.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small files that a person has named: a pipe in their place must not hold up the process, nor a device fill it. */
public final class RegularFiles {
    private RegularFiles() {}

    /**
     * The text of a file; throws where it is no regular file, larger, or no UTF-8.
     *
     * @param most in bytes
     */
    public static String text(Path file, int most) throws IOException {
        byte[] bytes = beginning(file, most + 1);
        if (bytes.length > most) {
            throw new IOException(file + " is larger than " + most + " bytes");
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /**
     * What a file begins with; throws where it is no regular file.
     *
     * @param most in bytes
     */
    static byte[] beginning(Path file, int most) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }
}
