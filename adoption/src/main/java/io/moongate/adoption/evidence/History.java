package io.moongate.adoption.evidence;

import io.moongate.adoption.removal.Decision;
import io.moongate.adoption.report.Finding;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was before, in the file of the evidence: decisions about the legacy port, how many shoots there were of each
 * finding, and how each shoot used both ports, day by day. Its connection is its own, so that nobody who reads waits for
 * the evidence to be written. Safe for use by all threads.
 */
public final class History implements AutoCloseable {
    private static final long HOUR = Duration.ofHours(1).toSeconds();
    /** Of what was asked for and refused the latest are kept: asking is free. */
    static final int MOST_REFUSED = 1000;
    /** Of anything else in one answer; a file with more is none of ours. */
    static final int MOST_ROWS = 100_000;

    private final Connection connection;

    /** One day of one shoot at one entrance, in UTC. */
    public record Day(LocalDate day, Entrance entrance, long setUps, long bytesIn, long bytesOut) {}

    /** How many shoots there were of each finding in the hour that began then. */
    public record Counted(Instant hour, Map<Finding, Long> shoots) {}

    private History(Connection connection) {
        this.connection = connection;
    }

    /** @param file that an {@link EvidenceKeeper} keeps; where it could not make one, there is no history either */
    public static History open(Path file) throws IOException {
        History history;
        try {
            history = new History(DriverManager.getConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        try (Statement statement = history.connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            // Somebody acts on a decision at once: it has to outlive a failure of power, too.
            statement.execute("PRAGMA synchronous = FULL");
            statement.executeQuery("SELECT count(*) FROM decision").close();
            return history;
        } catch (SQLException e) {
            history.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Returns when it is kept. */
    public synchronized void decide(Decision decision) throws IOException {
        try (PreparedStatement row = connection.prepareStatement("INSERT INTO decision VALUES (?, ?, ?, ?)")) {
            row.setLong(1, decision.at().toEpochMilli());
            row.setString(2, decision.action().name());
            row.setString(3, decision.who());
            row.setString(4, decision.evidence());
            row.executeUpdate();
            try (Statement older = connection.createStatement()) {
                older.execute("DELETE FROM decision WHERE action = 'Refused' AND rowid <= (SELECT rowid FROM decision"
                        + " WHERE action = 'Refused' ORDER BY rowid DESC LIMIT 1 OFFSET " + MOST_REFUSED + ")");
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Oldest first. */
    public synchronized List<Decision> decisions() throws IOException {
        var decisions = new ArrayList<Decision>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT * FROM decision ORDER BY rowid LIMIT " + (MOST_ROWS + 1))) {
            for (int rows = 1; row.next(); rows++) {
                refuseBeyond(rows, "decisions");
                decisions.add(new Decision(
                        Instant.ofEpochMilli(row.getLong("at")),
                        Decision.Action.valueOf(row.getString("action")),
                        row.getString("who"),
                        row.getString("evidence")));
            }
        } catch (SQLException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        return decisions;
    }

    private static void refuseBeyond(int rows, String what) throws IOException {
        if (rows > MOST_ROWS) {
            throw new IOException("it holds more than " + MOST_ROWS + " " + what);
        }
    }

    /** What was counted before in the same hour is replaced. */
    public synchronized void count(Instant now, Map<Finding, Long> shoots) throws IOException {
        long hour = now.getEpochSecond() / HOUR;
        try (PreparedStatement row = connection.prepareStatement("INSERT OR REPLACE INTO counted VALUES (?, ?, ?)")) {
            for (Finding finding : Finding.values()) {
                row.setLong(1, hour);
                row.setString(2, finding.name());
                row.setLong(3, shoots.getOrDefault(finding, 0L));
                row.addBatch();
            }
            row.executeBatch();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Oldest first; hours in which nobody counted are not in it. */
    public synchronized List<Counted> counted(Instant since) throws IOException {
        var hours = new TreeMap<Long, Map<Finding, Long>>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT * FROM counted WHERE hour >= ? LIMIT " + (MOST_ROWS + 1))) {
            query.setLong(1, since.getEpochSecond() / HOUR);
            try (ResultSet row = query.executeQuery()) {
                for (int rows = 1; row.next(); rows++) {
                    refuseBeyond(rows, "hours");
                    Finding finding = Finding.valueOf(row.getString("finding"));
                    hours.computeIfAbsent(row.getLong("hour"), hour -> new EnumMap<>(Finding.class))
                            .put(finding, row.getLong("shoots"));
                }
            }
            return hours.entrySet().stream()
                    .map(e -> new Counted(Instant.EPOCH.plus(e.getKey(), ChronoUnit.HOURS), e.getValue()))
                    .toList();
        } catch (SQLException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Oldest first; days without use are not in it. */
    public synchronized List<Day> days(ShootKey shoot) throws IOException {
        var days = new ArrayList<Day>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT * FROM day WHERE shoot = ? ORDER BY day, entrance LIMIT " + (MOST_ROWS + 1))) {
            query.setString(1, shoot.toString());
            try (ResultSet row = query.executeQuery()) {
                for (int rows = 1; row.next(); rows++) {
                    refuseBeyond(rows, "days");
                    days.add(new Day(
                            LocalDate.ofEpochDay(row.getLong("day")),
                            Entrance.valueOf(row.getString("entrance")),
                            row.getLong("set_ups"),
                            row.getLong("bytes_in"),
                            row.getLong("bytes_out")));
                }
            }
        } catch (SQLException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
        return days;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
