package io.moongate.adoption.evidence;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * The file in which evidence is kept, as it is opened: SQLite with a write-ahead log, so that what is committed outlives
 * SIGKILL, and a reader beside us never waits.
 */
final class EvidenceFile {
    private static final int VERSION = 2;
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

    private EvidenceFile() {}

    /** @throws IOException when the file is none of ours, or cannot be opened; nothing in it is changed then */
    static Connection open(Path file) throws IOException {
        Connection connection;
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
            prepare(connection);
            return connection;
        } catch (SQLException e) {
            close(connection, e);
            int code = e.getErrorCode();
            boolean damaged = code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code;
            throw damaged ? new Damaged(e) : new IOException(e.getMessage(), e);
        }
    }

    private static void close(Connection connection, SQLException because) {
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    static String notKept(Path file, Throwable e) {
        // The message of a file system's exception can be the file's name alone.
        String said = e instanceof FileSystemException f && f.getReason() == null ? null : e.getMessage();
        String why = said == null ? e.getClass().getSimpleName().replace("Exception", "") : said;
        return "evidence cannot be kept in " + file + " (" + why + ")";
    }

    /** SQLite goes on writing into a file that has been removed, and says nothing. */
    static void requireUnmoved(Path file, Optional<Object> key) throws IOException {
        boolean there = Files.exists(file);
        if (!there || !key(file).equals(key)) {
            throw new IOException("it was " + (there ? "replaced" : "removed")
                    + " while it was open; what is counted is kept again after a restart");
        }
    }

    /** Which file it is, whatever its name. */
    static Optional<Object> key(Path file) throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
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

    private static void prepare(Connection connection) throws SQLException {
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
                      last_seen = max(coalesce(last_seen, 0), coalesce(
                        (SELECT max(until) FROM observed WHERE typeof(until) = 'integer' AND until < %d), 0))
                    WHERE up > 0
                    """.formatted(EvidenceStore.LATEST.toEpochMilli()));
            connection.commit();
        }
    }
}
