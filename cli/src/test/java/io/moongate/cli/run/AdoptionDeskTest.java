package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.loop.Supervisor;
import io.moongate.model.problem.Problem;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not observed because of the file of the evidence is said as a problem. */
class AdoptionDeskTest {
    private static final int MORE_THAN_THERE_IS_ROOM_FOR = 200_001;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() throws Exception {
        file = folder.resolve("evidence.db");
        try (var desk = AdoptionDesk.open(file, Supervisor.NONE)) {
            assertThat(desk.problems()).isEmpty();
        }
    }

    @Test
    void moreEvidenceThanThereIsRoomForIsAProblem() throws Exception {
        execute("INSERT INTO used WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                + MORE_THAN_THERE_IS_ROOM_FOR + ") SELECT 'x/' || i, 'LEGACY', 0, 1000 + i, 0, 1, 1, 1 FROM n");
        try (var desk = AdoptionDesk.open(file, Supervisor.NONE)) {
            assertThat(desk.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
                assertThat(problem.toString()).contains("are forgotten, and not observed", "-Xmx");
            });
        }
    }

    @Test
    void aRowThatCannotBeReadIsAProblem() throws Exception {
        execute("INSERT INTO used VALUES ('no-name', 'LEGACY', 0, 1000, 0, 1, 1, 1)");
        try (var desk = AdoptionDesk.open(file, Supervisor.NONE)) {
            assertThat(desk.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(Problem.Code.UNREADABLE_FILE);
                assertThat(problem.toString()).contains("1 rows of the evidence cannot be read", "evidence.db");
            });
        }
    }

    private void execute(String sql) throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute(sql);
        }
    }
}
