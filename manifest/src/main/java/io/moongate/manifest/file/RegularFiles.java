package io.moongate.manifest.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that a person has named: a pipe in their place must not hold up the process, nor a device fill it. */
public final class RegularFiles {
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
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }

    /** What has failed, in a word: the same failure has the same one, whichever file it was. */
    public static String reason(Throwable e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }
}
