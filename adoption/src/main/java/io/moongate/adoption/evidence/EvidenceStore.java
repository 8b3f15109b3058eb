package io.moongate.adoption.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * The file in which evidence is kept: SQLite with a write-ahead log, so that what is committed outlives SIGKILL, and a
 * reader beside us never waits. For one shoot and entrance: one row of what is known, one row for each day of use, a few
 * ranges of clients.
 */
final class EvidenceStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceStore.class);
    private static final int VERSION = 2;
    /** Ten times the shoots of the largest landscape, at both ports: a file with more is none of ours. */
    static final int MOST_ROWS = 200_000;
    /** Of clients, of all shoots: a few for each row. */
    static final int MOST_RANGES = 1_000_000;
    /** Spans in which somebody looked: one for each start within 90 days, and for each gap. */
    static final int MOST_SPANS = 200_000;
    /** Ten thousand shoots over 90 days take 114 MiB. */
    static final long LARGEST_FILE = 2048L << 20;

    private static final List<String> SCHEMA =
            List.of("""
            CREATE TABLE used (
              shoot TEXT NOT NULL, entrance TEXT NOT NULL, last_set_up INTEGER, last_seen INTEGER, up INTEGER NOT NULL,
              set_ups INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL,
              PRIMARY KEY (shoot, entrance)) WITHOUT ROWID
            """, """
            CREATE TABLE day (
              shoot TEXT NOT NULL, entrance TEXT NOT NULL, day INTEGER NOT NULL,
              set_ups INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL,
              PRIMARY KEY (shoot, entrance, day)) WITHOUT ROWID
            """, """
            CREATE TABLE client (
              shoot TEXT NOT NULL, entrance TEXT NOT NULL, range TEXT NOT NULL, last INTEGER NOT NULL,
              PRIMARY KEY (shoot, entrance, range)) WITHOUT ROWID
            """, "CREATE TABLE observed (since INTEGER PRIMARY KEY, until INTEGER NOT NULL)");

    /** Since format 2. */
    private static final List<String> ADDED = List.of("""
            CREATE TABLE decision (
              at INTEGER NOT NULL, action TEXT NOT NULL, who TEXT NOT NULL, evidence TEXT NOT NULL)
            """, """
            CREATE TABLE counted (
              hour INTEGER NOT NULL, finding TEXT NOT NULL, shoots INTEGER NOT NULL,
              PRIMARY KEY (hour, finding)) WITHOUT ROWID
            """);

    private final Connection connection;

    /** What is kept. */
    record Kept(List<Use> uses, List<Coverage.Span> observed) {}

    /** One shoot at one entrance: what it is now, and what of it is new since the last write. */
    record Row(Use use, long setUps, long bytesIn, long bytesOut) {}

    /** @throws IOException when the file is none of ours, or cannot be opened; nothing in it is changed then */
    EvidenceStore(Path file) throws IOException {
        try {
            Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
            // Where the launcher has not said where the library lies, the driver unpacks it: not to /tmp, which may be
            // read-only, or forbid to execute.
            System.setProperty("org.sqlite.tmpdir", folder.toString());
            requireOrdinary(file);
            if (!Files.exists(file)) {
                // SQLite gives the files beside it the same rights.
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            prepare();
        } catch (SQLException e) {
            close();
            int code = e.getErrorCode();
            boolean damaged = code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code;
            throw damaged ? new Damaged(e) : new IOException(e.getMessage(), e);
        }
    }

    /** What is read whole, or opened at all: no device, no pipe, and no file that only a defect can have made so large. */
    private static void requireOrdinary(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        if (Files.exists(file) && Files.size(file) > LARGEST_FILE) {
            throw new IOException("it is larger than " + (LARGEST_FILE >> 20) + " MiB");
        }
    }

    /** The file is no database, or not whole. */
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1;

        private Damaged(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            int version;
            try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
                version = result.getInt(1);
            }
            if (version > VERSION) {
                throw new SQLException("it was written by a newer moongate (format " + version + ")");
            }
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            connection.setAutoCommit(false);
            if (version == 0) {
                for (String table : SCHEMA) {
                    statement.execute(table);
                }
            }
            if (version < VERSION) {
                for (String table : ADDED) {
                    statement.execute(table);
                }
                statement.execute("PRAGMA user_version = " + VERSION);
            }
            // Tunnels that were up when the last process died were last seen at its last sign of life.
            statement.execute("""
                    UPDATE used SET up = 0,
                      last_seen = max(coalesce(last_seen, 0), coalesce((SELECT max(until) FROM observed), 0))
                    WHERE up > 0
                    """);
            connection.commit();
        }
    }

    Kept read() throws IOException {
        try (Statement statement = connection.createStatement()) {
            Map<String, Map<String, Instant>> clients = clients(statement);
            var uses = new ArrayList<Use>();
            try (ResultSet row = statement.executeQuery("SELECT * FROM used LIMIT " + (MOST_ROWS + 1))) {
                for (int rows = 1; row.next(); rows++) {
                    refuseBeyond(rows, MOST_ROWS, "shoots and ports");
                    use(row, clients).ifPresent(uses::add);
                }
            }
            var observed = new ArrayList<Coverage.Span>();
            try (ResultSet row = statement.executeQuery("SELECT since, until FROM observed ORDER BY since")) {
                for (int rows = 1; row.next(); rows++) {
                    refuseBeyond(rows, MOST_SPANS, "spans in which somebody looked");
                    observed.add(new Coverage.Span(
                            Instant.ofEpochMilli(row.getLong(1)), Instant.ofEpochMilli(row.getLong(2))));
                }
            }
            connection.rollback();
            return new Kept(uses, observed);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void refuseBeyond(int rows, int most, String what) throws IOException {
        if (rows > most) {
            throw new IOException("it holds more than " + most + " " + what);
        }
    }

    /** A row that nobody could have written here costs itself; SQLite does not keep others from writing one. */
    private static Optional<Use> use(ResultSet row, Map<String, Map<String, Instant>> clients) throws SQLException {
        String shoot = String.valueOf(row.getString("shoot"));
        String entrance = String.valueOf(row.getString("entrance"));
        try {
            return Optional.of(new Use(
                    ShootKey.parse(shoot),
                    Entrance.valueOf(entrance),
                    time(row, "last_set_up"),
                    time(row, "last_seen"),
                    0,
                    row.getLong("set_ups"),
                    row.getLong("bytes_in"),
                    row.getLong("bytes_out"),
                    clients.getOrDefault(shoot + " " + entrance, Map.of())));
        } catch (IllegalArgumentException e) {
            LOG.warn("a row of the evidence is left out, its shoot is '{}', its port '{}'", shoot, entrance);
            return Optional.empty();
        }
    }

    private static Map<String, Map<String, Instant>> clients(Statement statement) throws SQLException, IOException {
        var clients = new HashMap<String, Map<String, Instant>>();
        try (ResultSet row = statement.executeQuery("SELECT * FROM client")) {
            for (int rows = 1; row.next(); rows++) {
                refuseBeyond(rows, MOST_RANGES, "ranges of clients");
                clients.computeIfAbsent(row.getString("shoot") + " " + row.getString("entrance"), k -> new HashMap<>())
                        .put(row.getString("range"), Instant.ofEpochMilli(row.getLong("last")));
            }
        }
        return clients;
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() || millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /**
     * All of it or nothing.
     *
     * @param observed the span in which we look now; one with the same start is replaced
     */
    void write(List<Row> rows, Coverage.Span observed) throws IOException {
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
            statement.execute("DELETE FROM used WHERE up = 0 AND max(last_set_up, last_seen) < " + millis);
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
