package io.moongate.model.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However many there are, what is told has a limit, the gravest are in it, and the rest is counted. */
class BoundedProblemsTest {
    private static final Place PLACE = new Place("f.yaml", 7, 1);
    private static final Problem WARNING = at(Problem.Code.ENDPOINT_IGNORED, "w");
    private static final Problem ERROR = at(Problem.Code.INVALID_VALUE, "e");

    @Test
    void upToTheLimitNothingChanges() {
        var all = new ArrayList<>(Collections.nCopies(19, WARNING));
        all.add(ERROR);
        assertThat(BoundedProblems.ofObject(PLACE).addAll(all).list()).isEqualTo(all);
    }

    @Test
    void oneBeyondIsCounted() {
        List<Problem> list = BoundedProblems.ofObject(PLACE)
                .addAll(Collections.nCopies(21, WARNING))
                .list();
        assertThat(list).hasSize(21).startsWith(WARNING);
        assertThat(list.getLast())
                .hasToString("warning: and 1 more warnings of this object, f.yaml:7:1, correct what is listed first"
                        + " [MoreWarnings]");
        assertThat(BoundedProblems.count(list)).isEqualTo(21);
    }

    @Test
    void anErrorAmongManyWarningsIsListed() {
        var all = new ArrayList<>(Collections.nCopies(5000, WARNING));
        all.add(ERROR);
        assertThat(BoundedProblems.inAll(all)).hasSize(1001).startsWith(ERROR);
    }

    @Test
    void errorsThatAreLeftOutAreAnErrorStill() {
        var general = Problem.general(Problem.Code.NO_LISTENER, "g", "r");
        var all = new ArrayList<>(Collections.nCopies(1000, general));
        all.add(ERROR);
        List<Problem> list = BoundedProblems.inAll(all);
        assertThat(list)
                .hasSize(1001)
                .filteredOn(Problem::isError)
                .singleElement()
                .satisfies(more -> assertThat(more)
                        .hasToString("error: and 1 more errors in all, correct what is listed first [MoreErrors]"));
    }

    /** Without them a process would start that must not, or nobody could confirm what waits. */
    @Test
    void whatDecidesComesBeforeOtherErrors() {
        var configuration = ERROR.about(new ObjectRef("MoongateConfiguration", "", ""));
        var held = Problem.general(Problem.Code.REMOVAL_HELD, "h", "moongate confirm 1");
        var away = at(Problem.Code.SOURCE_AWAY, "a");
        var all = new ArrayList<>(Collections.nCopies(5000, ERROR));
        all.addAll(List.of(configuration, held, away));
        assertThat(BoundedProblems.inAll(all)).startsWith(held, configuration, away, ERROR);
    }

    @Test
    void cutTwiceNothingIsLostFromTheCount() {
        var file = BoundedProblems.ofFile("f.yaml");
        for (int object = 0; object < 10; object++) {
            var one = BoundedProblems.ofObject(PLACE);
            one.addAll(Collections.nCopies(500, WARNING)).addAll(Collections.nCopies(500, ERROR));
            file.addAll(one.list());
        }
        List<Problem> list = file.list();
        assertThat(list).hasSize(102).startsWith(ERROR);
        assertThat(BoundedProblems.count(list)).isEqualTo(10_000);
        assertThat(BoundedProblems.count(list.stream().filter(Problem::isError).toList()))
                .isEqualTo(5000);
        assertThat(BoundedProblems.count(BoundedProblems.inAll(Collections.nCopies(20, list).stream()
                        .flatMap(List::stream)
                        .toList())))
                .isEqualTo(200_000);
    }

    @Test
    void aQuoteOfTheInputHasALimit() {
        assertThat(at(Problem.Code.INVALID_VALUE, "x".repeat(1000)).message()).hasSize(1000);
        assertThat(at(Problem.Code.INVALID_VALUE, "x".repeat(1001)).message())
                .hasSize(1000)
                .endsWith("x…");
        assertThat(at(Problem.Code.INVALID_VALUE, "x".repeat(998) + "😀😀").message())
                .hasSize(999)
                .endsWith("x…");
        var ref = new ObjectRef("Shoot", "n".repeat(1_000_000), "s".repeat(257));
        assertThat(ERROR.about(ref).object().orElseThrow().toString()).hasSizeLessThan(600);
    }

    /** Else whoever writes a file could write lines of the log, and move the cursor of a terminal. */
    @Test
    void aQuoteOfTheInputStaysWithinItsLine() {
        var ref = new ObjectRef("Shoot", "a\u202eb", "x\n2026 ERROR forged\u001b[31m");
        var problem = new Problem(
                Problem.Code.INVALID_VALUE,
                Optional.of(ref),
                Optional.of(PLACE),
                "name 'a\r\n\u2028\u0085'",
                "correct 'b\0\ud800'",
                0);
        assertThat(problem)
                .hasToString("error: name 'a\\u000d\\u000a\\u2028\\u0085',"
                        + " Shoot a\\u202eb/x\\u000a2026 ERROR forged\\u001b[31m, f.yaml:7:1,"
                        + " correct 'b\\u0000\\ud800' [InvalidValue]");
        assertThat(at(Problem.Code.INVALID_VALUE, "\n".repeat(1000)).message())
                .as("the limit holds for what is printed")
                .hasSize(1000);
        assertThat(at(Problem.Code.INVALID_VALUE, "😀 ß – …").message()).isEqualTo("😀 ß – …");
    }

    private static Problem at(Problem.Code code, String message) {
        return Problem.at(code, PLACE, message, "correct it");
    }
}
