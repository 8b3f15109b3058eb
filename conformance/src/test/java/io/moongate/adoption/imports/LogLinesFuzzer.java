package io.moongate.adoption.imports;

import io.moongate.adoption.imports.LogLine.Tunnel;
import io.moongate.conformance.fuzz.Check;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fuzz target for stored access logs. No file throws anything but that it cannot be read; the same file twice says the
 * same; and whatever a client sends as a header that Envoy logs, its tunnel is the same one.
 */
public final class LogLinesFuzzer {
    private static final Ports PORTS = new Ports(Map.of(), Optional.empty());
    private static final Formats FORMATS = Formats.usual(PORTS);

    private LogLinesFuzzer() {}

    /** The first byte chooses: a file, a client's header, or a format and a line of it. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0] % 3) {
            case 1 -> header(new String(rest, StandardCharsets.ISO_8859_1));
            case 2 -> format(new String(rest, StandardCharsets.UTF_8));
            default -> file(rest);
        }
    }

    private static void file(byte[] file) {
        var once = new Tally(List.of());
        boolean whole = read(file, once);
        var twice = new Tally(List.of());
        Check.that(read(file, twice) == whole, "the same file twice");
        read(file, twice);
        Check.that(once.strangers().equals(twice.strangers()), "its tunnels twice");
        Check.that(once.counts().last().equals(twice.counts().last()), "its times twice");
        new String(file, StandardCharsets.UTF_8).lines().forEach(LogLinesFuzzer::line);
    }

    private static boolean read(byte[] file, Tally tally) {
        try {
            new LogImport(FORMATS, tally).read("fuzz", new ByteArrayInputStream(file));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void line(String line) {
        if (FORMATS.read(line) instanceof Tunnel tunnel) {
            Check.that(!tunnel.end().isBefore(tunnel.start()), "a tunnel that ends before it starts");
            Check.that(tunnel.traffic().bytesIn() >= 0 && tunnel.traffic().bytesOut() >= 0, "negative bytes");
        }
    }

    /** HTTP allows no line end and no NUL in it. */
    private static void header(String value) {
        String sent = value.replaceAll("[\\r\\n\\x00]", "?");
        var expected = (Tunnel) FORMATS.read(LogLinesSeeds.line("-"));
        LogLine read = FORMATS.read(LogLinesSeeds.line(sent));
        Check.that(
                read instanceof Tunnel tunnel
                        && tunnel.port().equals(expected.port())
                        && tunnel.leads().equals(expected.leads())
                        && tunnel.start().equals(expected.start())
                        && tunnel.end().equals(expected.end()),
                "a client's header: " + read);
    }

    private static void format(String text) {
        int end = text.indexOf('\n');
        try {
            Formats.of(end < 0 ? text : text.substring(0, end), PORTS).read(end < 0 ? text : text.substring(end + 1));
        } catch (IllegalArgumentException refused) {
            Check.that(refused.getMessage() != null, "a reason");
        }
    }
}
