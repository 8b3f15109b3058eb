package io.moongate.manifest.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What a file held when it was last taken, to know a file that is being written from one that was edited. Compressed:
 * manifests take a tenth.
 */
final class KeptText {
    static final KeptText EMPTY = of("");

    private final int length;
    private final byte[] packed;

    private KeptText(int length, byte[] packed) {
        this.length = length;
        this.packed = packed;
    }

    static KeptText of(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(bytes)) {
            deflate.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new KeptText(text.length(), bytes.toByteArray());
    }

    /** Whether a text is shorter and equal so far: most likely somebody is still writing it. */
    boolean begins(String text) {
        return text.length() < length && unpacked().startsWith(text);
    }

    /** A writer that died, or a full disk: what is there is good YAML by chance only. */
    boolean isCutInALine(String text) {
        if (text.length() >= length || text.endsWith("\n")) {
            return false;
        }
        String whole = unpacked();
        return whole.startsWith(text) && whole.charAt(text.length()) != '\n';
    }

    private String unpacked() {
        try (var inflate = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return new String(inflate.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeptText text && text.length == length && Arrays.equals(text.packed, packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }
}
