package io.moongate.adoption.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.model.evidence.Use;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogImportTest {
    private final Tally tally = new Tally(List.of(SampleLines.shoot("one", "shoot--foo--one", "s")));
    private final LogImport read = new LogImport(Formats.usual(new Ports(Map.of(), Optional.empty())), tally);

    @Test
    void gzipOfSeveralMembersIsReadToItsEndAlsoFromAPipe() throws IOException {
        var file = new ByteArrayOutputStream();
        for (int i = 0; i < 5; i++) {
            file.writeBytes(gzip(line(i) + "\n"));
        }
        read.read("a.gz", new ByteArrayInputStream(file.toByteArray()));
        assertThat(setUps()).isEqualTo(5);
        file.writeBytes(gzip(line(5)));
        file.writeBytes(new byte[512]);
        read.read("b.gz", new Pipe(file.toByteArray()));
        assertThat(setUps()).isEqualTo(6);
        assertThat(read.cut()).isEmpty();
    }

    @Test
    void aFileWithoutItsEndCountsAndIsNamed() throws IOException {
        byte[] whole = gzip((line(1) + "\n").repeat(3000));
        read.read("cut.gz", new ByteArrayInputStream(Arrays.copyOf(whole, whole.length - 20)));
        assertThat(setUps()).isEqualTo(1);
        assertThat(read.cut())
                .singleElement()
                .asString()
                .startsWith("cut.gz, after line ")
                .contains("ends too early");
        var garbage = new ByteArrayOutputStream();
        garbage.writeBytes(gzip(line(2) + "\n"));
        garbage.writeBytes("something else".getBytes(UTF_8));
        read.read("garbage.gz", new ByteArrayInputStream(garbage.toByteArray()));
        assertThat(read.cut()).hasSize(2).last().asString().contains("not gzip");
        byte[] damaged = gzip(line(3) + "\n");
        damaged[damaged.length - 6] ^= 1;
        read.read("damaged.gz", new ByteArrayInputStream(damaged));
        assertThat(read.cut()).hasSize(3).last().asString().contains("checksum");
        assertThat(Doubts.of(read, tally, true)).hasSize(3);
    }

    @Test
    void linesThatCannotBeReadAreCountedAndTheFirstAreNamed() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append(line(i)).append("\r\n\n");
        }
        text.append("no\u0007thing\n".repeat(9))
                .append("x".repeat(Lines.LONGEST + 1))
                .append('\n')
                .append(line(20));
        text("a.log", text.toString());
        assertThat(setUps()).isEqualTo(21);
        assertThat(read.unread()).isEqualTo(10);
        assertThat(read.named()).hasSize(5).first().hasToString("a.log, line 41: it is of another format: no?thing");
        assertThat(read.lines()).isEqualTo(51);
        assertThat(Doubts.of(read, tally, true)).isEmpty();
        assertThat(Doubts.of(read, tally, false)).singleElement().asString().contains("--ignore-unreadable");
    }

    /** As from {@code /dev/zero}, plain and packed: it would never come to its end. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a\n"})
    void aLineWithoutAnEndIsAnError(String before) {
        var zeros = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] into, int from, int count) {
                Arrays.fill(into, from, from + count, (byte) 0);
                return count;
            }
        };
        var file = new SequenceInputStream(new ByteArrayInputStream(before.getBytes(UTF_8)), zeros);
        assertThatThrownBy(() -> read.read("zero.log", file))
                .isInstanceOf(LogImport.NotAnAccessLog.class)
                .hasMessageContaining("zero.log, line " + (before.isEmpty() ? 1 : 2))
                .hasMessageContaining("1024 MiB")
                .hasMessageContaining("tr -d");
    }

    @Test
    void aLineThatIsTooLongIsSkippedAndNamed() throws IOException {
        text("a.log", line(1) + "\n" + "x".repeat(3 * Lines.LONGEST) + "\n" + line(2) + "\n");
        assertThat(setUps()).isEqualTo(2);
        assertThat(read.named()).singleElement().asString().startsWith("a.log, line 2: it is longer than 131072 bytes");
    }

    @Test
    void aFileOfAnotherFormatIsAnErrorThatShowsTheLine() {
        assertThatThrownBy(() -> text("nginx.log", line(1) + "\n" + "10.0.0.1 - - [x] GET\n".repeat(2)))
                .isInstanceOf(LogImport.NotAnAccessLog.class)
                .hasMessageContainingAll(
                        "2 of 3 lines are not of Istio's default format, Envoy's default format, JSON",
                        "nginx.log, line 2",
                        "10.0.0.1 - - [x] GET",
                        "--format");
    }

    @Test
    void aHugeFileOfAnotherFormatIsGivenUpEarly() {
        var endless = new InputStream() {
            private long read;

            @Override
            public int read() {
                assertThat(read++).isLessThan(10_000_000);
                return read % 10 == 0 ? '\n' : 'x';
            }
        };
        assertThatThrownBy(() -> read.read("endless", endless)).isInstanceOf(LogImport.NotAnAccessLog.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"28b52ffd0458", "425a68393141", "fd377a585a00", "04224d186440", "504b03041400"})
    void otherCompressionSaysHowToUnpack(String magic) {
        assertThatThrownBy(() ->
                        read.read("a", new ByteArrayInputStream(HexFormat.of().parseHex(magic))))
                .hasMessageContaining("not with gzip, a, unpack it: ");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        text("a.log", "\ufeff" + line(1));
        assertThat(setUps()).isEqualTo(1);
    }

    private static String line(int i) {
        return SampleLines.istio(SampleLines.START, 8132, SampleLines.VPN, "id-" + i, 1000);
    }

    private void text(String file, String text) throws IOException {
        read.read(file, new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    private long setUps() {
        return tally.uses().stream().mapToLong(Use::setUps).sum();
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Gives a few bytes at a time, and never says that there are more. */
    private static final class Pipe extends ByteArrayInputStream {
        private Pipe(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) {
            return super.read(to, offset, Math.min(length, 7));
        }

        @Override
        public synchronized int available() {
            return 0;
        }
    }
}
