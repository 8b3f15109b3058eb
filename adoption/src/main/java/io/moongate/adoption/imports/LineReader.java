package io.moongate.adoption.imports;

import io.moongate.adoption.imports.LogLine.Leads;
import io.moongate.adoption.imports.LogLine.Traffic;
import io.moongate.adoption.imports.LogLine.Tunnel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the values of one line say. */
final class LineReader {
    private static final String CONNECT = "CONNECT";
    private static final String OK = "200";
    /** Of a connection within an Envoy. */
    private static final String INTERNAL = "envoy://";
    /** Longer than any tunnel: ten years in milliseconds. */
    private static final long LONGEST = 10L * 365 * 24 * 3600 * 1000;

    private static final int LONGEST_NUMBER = 18;
    /** A petabyte: sums of what lines claim must not overflow. */
    private static final long MOST_BYTES = 1L << 50;

    private final Ports ports;

    LineReader(Ports ports) {
        this.ports = ports;
    }

    /** @param text the line itself: where nothing else names a tunnel, that does */
    LogLine read(Values line, String text) {
        Optional<Instant> start = time(line, Field.START);
        Optional<Instant> end = time(line, Field.END);
        if (start.isEmpty() && end.isEmpty()) {
            return new LogLine.Unreadable("it has no time of its start");
        }
        boolean connect = line.get(Field.METHOD).filter(m -> !m.equals(CONNECT)).isEmpty();
        Optional<String> status = line.get(Field.STATUS);
        if (status.filter(s -> s.length() > 3 || number(s).isEmpty()).isPresent()) {
            return new LogLine.Unreadable("its status is '" + status.get() + "'");
        }
        if (!connect || status.filter(OK::equals).isEmpty()) {
            return new LogLine.Request(start.or(() -> end).get());
        }
        Optional<String> wrong = wrong(line);
        return wrong.isPresent() ? new LogLine.Unreadable(wrong.get()) : tunnel(line, start, end, text);
    }

    /** Why a tunnel's line cannot be true. */
    private static Optional<String> wrong(Values line) {
        for (Field field : new Field[] {Field.BYTES_RECEIVED, Field.BYTES_SENT}) {
            Optional<String> text = line.get(field);
            if (text.isPresent() && number(text.get()).isEmpty()) {
                return Optional.of("its number of bytes is '" + text.get() + "'");
            }
        }
        // A value with spaces of its own shifts those beside it: then an address stands where a name should.
        String client = line.get(Field.CLIENT).orElse("-");
        if (line.logged().contains(Field.CLIENT)
                && !client.startsWith(INTERNAL)
                && Ports.address(client).isEmpty()) {
            return Optional.of("its client is '" + client + "'");
        }
        return line.get(Field.CLUSTER)
                .filter(Ports::isAddress)
                .map(cluster -> "its cluster is '" + cluster + "'")
                .or(() -> line.get(Field.LOCAL_ADDRESS)
                        .filter(a -> !a.startsWith(INTERNAL) && !Ports.isAddress(a))
                        .map(a -> "its local address is '" + a + "'"));
    }

    private LogLine tunnel(Values line, Optional<Instant> start, Optional<Instant> end, String text) {
        OptionalLong duration = line.get(Field.DURATION).map(LineReader::number).orElseGet(OptionalLong::empty);
        boolean known = duration.isPresent() && duration.getAsLong() <= LONGEST;
        // A tunnel with an end that is not known would be taken for one that ended at once.
        if (!known && (start.isEmpty() || end.isEmpty() || end.get().isBefore(start.get()))) {
            return new LogLine.Unreadable("it does not say how long the tunnel was up");
        }
        long millis = known ? duration.getAsLong() : 0;
        Instant from = start.orElseGet(() -> end.get().minusMillis(millis));
        Instant until = known ? from.plusMillis(millis) : end.get();
        Port port = ports.of(line);
        Leads leads = Destinations.of(line, port);
        var traffic = new Traffic(
                identity(line, from, port, leads, text),
                bytes(line, Field.BYTES_RECEIVED),
                bytes(line, Field.BYTES_SENT));
        return new Tunnel(from, until, port, leads, line.get(Field.CLIENT).flatMap(Ports::address), traffic);
    }

    /** Lines at the set-up, while it is up and at its end have these in common. */
    private static String identity(Values line, Instant start, Port port, Leads leads, String text) {
        String names = Stream.of(Field.STREAM_ID, Field.REQUEST_ID, Field.CONNECTION_ID, Field.CLIENT)
                .map(field -> line.get(field).orElse(""))
                .collect(Collectors.joining(" "));
        return start + " " + port + " " + leads + " " + (names.isBlank() ? text : names);
    }

    private static Optional<Instant> time(Values line, Field field) {
        return line.get(field).flatMap(line.time()::parse);
    }

    private static long bytes(Values line, Field field) {
        return line.get(field)
                .map(text -> Math.min(number(text).orElse(0), MOST_BYTES))
                .orElse(0L);
    }

    private static OptionalLong number(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
