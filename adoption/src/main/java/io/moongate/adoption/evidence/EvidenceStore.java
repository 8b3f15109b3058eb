package io.moongate.adoption.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the {@link EvidenceFile} holds. For one shoot and entrance: one row of what is known, one row for each day of
 * use, a few ranges of clients.
 */
final class EvidenceStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceStore.class);
    /** Ten times the shoots of the largest landscape, at both ports. */
    static final int MOST_ROWS = 200_000;
    /** Of clients, of all shoots: as many as we write. Only people read them; what is beyond is left out. */
    static final int MOST_RANGES = MOST_ROWS * Counter.CLIENTS;

    /** No time that is kept is later; sums with it do not overflow. */
    static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    /** So many rows that cannot be read are named. */
    private static final int NAMED = 5;

    private static final int LONGEST_SHOWN = 120;

    private static final String LAST_USE = "max(coalesce(last_set_up, 0), coalesce(last_seen, 0))";

    private final Path file;
    private final Connection connection;
    private final Optional<Object> key;
    private final int most;

    /**
     * What is kept.
     *
     * @param forgotten when the latest use was of which nothing is known; what was observed before it does not count
     * @param odd present where there are such rows
     */
    record Kept(List<Use> uses, List<Coverage.Span> observed, Optional<Instant> forgotten, Optional<OddRows> odd) {}

    /**
     * Rows that nobody could have written here; SQLite does not keep others from writing one. Whose use they tell of is
     * not known, so nobody was observed.
     *
     * @param until when the latest use was that they tell of; far ahead where they do not say it
     */
    record OddRows(int count, Instant until) {
        private OddRows and(Instant last) {
            return new OddRows(count + 1, last.isAfter(until) ? last : until);
        }
    }

    /** One shoot at one entrance: what it is now, and what of it is new since the last write. */
    record Row(Use use, long setUps, long bytesIn, long bytesOut) {}

    EvidenceStore(Path file) throws IOException {
        this(file, MOST_ROWS);
    }

    /** @param most rows of shoots and ports that are read; those last used longest ago are left out */
    EvidenceStore(Path file, int most) throws IOException {
        this.file = file;
        this.most = most;
        connection = EvidenceFile.open(file);
        key = EvidenceFile.key(file);
    }

    /** Why what is counted cannot be kept, in words. */
    String notKept(Throwable e) {
        return EvidenceFile.notKept(file, e);
    }

    Kept read() throws IOException {
        try (Statement statement = connection.createStatement()) {
            Map<String, Map<String, Instant>> clients = clients(statement);
            var uses = new ArrayList<Use>();
            Optional<Instant> forgotten = Optional.empty();
            var odd = new OddRows(0, Instant.EPOCH);
            try (ResultSet row = statement.executeQuery(
                    "SELECT *, " + LAST_USE + " AS last FROM used ORDER BY last DESC LIMIT " + (most + 1))) {
                for (int rows = 1; row.next(); rows++) {
                    Optional<Use> use = use(row, clients);
                    if (use.isEmpty()) {
                        odd = odd.and(lastUse(row));
                        warnOf(odd, row);
                    } else if (rows > most) {
                        forgotten = Optional.of(lastUse(row));
                    } else {
                        uses.add(use.get());
                    }
                }
            }
            List<Coverage.Span> observed = observed(statement);
            connection.rollback();
            return new Kept(uses, observed, forgotten, Optional.of(odd).filter(rows -> rows.count() > 0));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** In order; a row that is none leaves its time as not observed. */
    private static List<Coverage.Span> observed(Statement statement) throws SQLException {
        var observed = new ArrayList<Coverage.Span>();
        try (ResultSet row = statement.executeQuery(
                "SELECT since, until FROM observed ORDER BY since DESC LIMIT " + ObservedTime.MOST_SPANS)) {
            while (row.next()) {
                Instant since = time(row, "since").orElse(LATEST);
                Instant until = time(row, "until").orElse(LATEST);
                if (until.isBefore(LATEST) && !until.isBefore(since)) {
                    observed.add(new Coverage.Span(since, until));
                } else {
                    LOG.warn("a row of observed time is left out, it is from {} to {}", since, until);
                }
            }
        }
        return observed.reversed();
    }

    private static void warnOf(OddRows odd, ResultSet row) throws SQLException {
        if (odd.count() <= NAMED) {
            LOG.warn(
                    "a row of the evidence cannot be read, its shoot is '{}', its port '{}', its times {} and {}",
                    shown(row, "shoot"),
                    shown(row, "entrance"),
                    shown(row, "last_set_up"),
                    shown(row, "last_seen"));
        }
    }

    private static String shown(ResultSet row, String column) throws SQLException {
        String text = String.valueOf(row.getString(column)).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    /** Empty where it is none that was written here. */
    private static Optional<Use> use(ResultSet row, Map<String, Map<String, Instant>> clients) throws SQLException {
        String shoot = String.valueOf(row.getString("shoot"));
        String entrance = String.valueOf(row.getString("entrance"));
        // Each row that is written has a time, and only of a use.
        if (!lastUse(row).isBefore(LATEST)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Use(
                    ShootKey.parse(shoot),
                    Entrance.valueOf(entrance),
                    time(row, "last_set_up").filter(at -> at.isAfter(Instant.EPOCH)),
                    time(row, "last_seen").filter(at -> at.isAfter(Instant.EPOCH)),
                    0,
                    row.getLong("set_ups"),
                    row.getLong("bytes_in"),
                    row.getLong("bytes_out"),
                    clients.getOrDefault(shoot + " " + entrance, Map.of())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@link #LATEST} where it does not say so. */
    private static Instant lastUse(ResultSet row) throws SQLException {
        Optional<Instant> setUp = time(row, "last_set_up");
        Optional<Instant> seen = time(row, "last_seen");
        if (setUp.isEmpty() || seen.isEmpty()) {
            return LATEST;
        }
        Instant last = seen.get().isAfter(setUp.get()) ? seen.get() : setUp.get();
        return last.equals(Instant.EPOCH) ? LATEST : last;
    }

    /** Nothing means never; empty where it is no time. */
    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null) {
            return Optional.of(Instant.EPOCH);
        }
        return (value instanceof Long || value instanceof Integer)
                        && row.getLong(column) >= 0
                        && row.getLong(column) < LATEST.toEpochMilli()
                ? Optional.of(Instant.ofEpochMilli(row.getLong(column)))
                : Optional.empty();
    }

    private static Map<String, Map<String, Instant>> clients(Statement statement) throws SQLException {
        var clients = new HashMap<String, Map<String, Instant>>();
        try (ResultSet row = statement.executeQuery("SELECT * FROM client LIMIT " + MOST_RANGES)) {
            while (row.next()) {
                clients.computeIfAbsent(row.getString("shoot") + " " + row.getString("entrance"), k -> new HashMap<>())
                        .put(row.getString("range"), Instant.ofEpochMilli(row.getLong("last")));
            }
        }
        return clients;
    }

    /**
     * All of it or nothing.
     *
     * @param observed the span in which we look now; one with the same start is replaced
     */
    void write(List<Row> rows, Coverage.Span observed) throws IOException {
        EvidenceFile.requireUnmoved(file, key);
        try {
            writeUsed(rows);
            writeDays(rows, observed.to());
            writeClients(rows);
            try (PreparedStatement span = connection.prepareStatement(
                    "INSERT INTO observed VALUES (?, ?) ON CONFLICT DO UPDATE SET until = excluded.until")) {
                span.setLong(1, observed.from().toEpochMilli());
                span.setLong(2, observed.to().toEpochMilli());
                span.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Forgets shoots and ports that are not used and were not used after this time, and that somebody looked before it. */
    void forgetUntil(Instant last) throws IOException {
        long millis = last.toEpochMilli();
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("day", "client")) {
                statement.execute(
                        "DELETE FROM " + table + " WHERE EXISTS (SELECT 1 FROM used WHERE used.shoot = " + table
                                + ".shoot AND used.entrance = " + table + ".entrance AND up = 0 AND " + LAST_USE
                                + " <= " + millis
                                + ")");
            }
            statement.execute("DELETE FROM used WHERE up = 0 AND " + LAST_USE + " <= " + millis);
            cutObserved(statement, millis);
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void cutObserved(Statement statement, long millis) throws SQLException {
        // The use was in this millisecond: the next one is the first of which everything is known.
        statement.execute("DELETE FROM observed WHERE until <= " + millis);
        statement.execute("UPDATE OR REPLACE observed SET since = " + (millis + 1) + " WHERE since <= " + millis);
    }

    /**
     * Forgets all rows of uses but these, and that somebody looked until then: at the next start odd ones would cost the
     * time since then, too.
     */
    void keepOnly(Collection<Use> good, Instant until) throws IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM used");
            writeUsed(good.stream().map(use -> new Row(use, 0, 0, 0)).toList());
            cutObserved(statement, until.toEpochMilli());
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    /** As if nobody had looked in a time that has not come yet. */
    void forgetObservedAfter(Instant now) throws IOException {
        long millis = now.toEpochMilli();
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM observed WHERE since > " + millis);
            statement.execute("UPDATE observed SET until = " + millis + " WHERE until > " + millis);
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    private void undo(SQLException because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private void writeUsed(List<Row> rows) throws SQLException {
        try (PreparedStatement used =
                connection.prepareStatement("INSERT OR REPLACE INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Row row : rows) {
                Use use = row.use();
                key(used, use);
                used.setLong(3, use.lastSetUp().map(Instant::toEpochMilli).orElse(0L));
                used.setLong(4, use.lastSeen().map(Instant::toEpochMilli).orElse(0L));
                used.setInt(5, use.up());
                used.setLong(6, use.setUps());
                used.setLong(7, use.bytesIn());
                used.setLong(8, use.bytesOut());
                used.addBatch();
            }
            used.executeBatch();
        }
    }

    private void writeDays(List<Row> rows, Instant now) throws SQLException {
        try (PreparedStatement day = connection.prepareStatement("""
                INSERT INTO day VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET set_ups = set_ups + excluded.set_ups,
                  bytes_in = bytes_in + excluded.bytes_in, bytes_out = bytes_out + excluded.bytes_out
                """)) {
            for (Row row : rows) {
                key(day, row.use());
                day.setLong(3, now.getEpochSecond() / Duration.ofDays(1).toSeconds());
                day.setLong(4, row.setUps());
                day.setLong(5, row.bytesIn());
                day.setLong(6, row.bytesOut());
                day.addBatch();
            }
            day.executeBatch();
        }
    }

    private void writeClients(List<Row> rows) throws SQLException {
        try (PreparedStatement old =
                        connection.prepareStatement("DELETE FROM client WHERE shoot = ? AND entrance = ?");
                PreparedStatement client = connection.prepareStatement("INSERT INTO client VALUES (?, ?, ?, ?)")) {
            for (Row row : rows) {
                if (row.setUps() == 0) {
                    continue;
                }
                key(old, row.use());
                old.addBatch();
                for (var range : row.use().clients().entrySet()) {
                    key(client, row.use());
                    client.setString(3, range.getKey());
                    client.setLong(4, range.getValue().toEpochMilli());
                    client.addBatch();
                }
            }
            old.executeBatch();
            client.executeBatch();
        }
    }

    private static void key(PreparedStatement statement, Use use) throws SQLException {
        statement.setString(1, use.shoot().toString());
        statement.setString(2, use.entrance().name());
    }

    /** Forgets what was last so long ago. */
    void prune(Instant before) throws IOException {
        long millis = before.toEpochMilli();
        long day = before.getEpochSecond() / Duration.ofDays(1).toSeconds();
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM day WHERE day < " + day);
            statement.execute("DELETE FROM observed WHERE until < " + millis);
            statement.execute("DELETE FROM client WHERE last < " + millis);
            statement.execute("DELETE FROM counted WHERE hour < " + before.getEpochSecond() / 3600);
            // What was done is kept for ever, what was only asked for is not.
            statement.execute("DELETE FROM decision WHERE action = 'Refused' AND at < " + millis);
            statement.execute("DELETE FROM used WHERE up = 0 AND " + LAST_USE + " < " + millis);
            connection.commit();
        } catch (SQLException e) {
            undo(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
