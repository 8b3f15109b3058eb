package io.moongate.manifest.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moongate.model.problem.Problem;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No input uses up the stack or the memory; what is beyond a limit is named with its place. */
class YamlParserTest {
    private static final int LIMIT = YamlParser.MAX_DEPTH;
    private static final int MOST_VALUES = 1_000_000;

    static Stream<Arguments> nestings() {
        return Stream.of(
                Arguments.of("flow lists", (Nesting) depth -> "[".repeat(depth) + "]".repeat(depth)),
                Arguments.of("JSON objects", (Nesting) depth -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)),
                Arguments.of("flow mappings", (Nesting) depth -> "{a: ".repeat(depth) + "1" + "}".repeat(depth)),
                Arguments.of("block lists", (Nesting) depth -> "- ".repeat(depth) + "a"),
                Arguments.of("block mappings", (Nesting) YamlParserTest::blockMappings));
    }

    private interface Nesting {
        String of(int depth);
    }

    private static String blockMappings(int depth) {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nestings")
    void depthIsLimited(String kind, Nesting nesting) throws InputException {
        assertThat(parse(nesting.of(LIMIT))).as("at the limit").isPresent();
        for (int depth : new int[] {LIMIT + 1, 2_000, 20_000}) {
            Problem problem = failure(nesting.of(Math.min(depth, kind.equals("block mappings") ? 2_000 : depth)));
            assertThat(problem.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
            assertThat(problem.message()).contains("deeper than " + LIMIT + " levels");
            assertThat(problem.place().orElseThrow().line()).isPositive();
        }
    }

    @Test
    void thePlaceIsWhereTheLimitIsPassed() {
        assertThat(failure("a: b\nc: " + "[".repeat(LIMIT + 5)).place().orElseThrow())
                .hasToString("test.yaml:2:" + (3 + LIMIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{", "- ", "? ", "!a ", "&a ", "*a ", "|\n", "\"", "'", "%", "@", "`", "\t"})
    void whatIsCutOrRepeatedIsAnError(String piece) throws InputException {
        for (int times : new int[] {1, 50, 5_000}) {
            try {
                parse(piece.repeat(times));
            } catch (InputException refused) {
                assertThat(refused.problems()).isNotEmpty();
            }
        }
    }

    @Test
    void bracketsInTextAndCommentsAreNoNesting() throws InputException {
        String many = "[{".repeat(500_000);
        assertThat(parse("a: '" + many + "'\n# " + many + "\nb: |\n  " + many + "\n"))
                .isPresent();
    }

    /** A line of 16 MiB takes a moment, not minutes. */
    @Test
    void oneLongLineIsReadOnce() throws InputException {
        String line = "x".repeat(16 << 20);
        assertThat(parse("# " + line + "\na: b\n")).isPresent();
        assertThat(parse("a: " + line + "\n")).isPresent();
        assertThat(parse("a: \"" + line + "\"\n")).isPresent();
    }

    @Test
    void valuesAreLimited() throws InputException {
        String list = "[" + "1,".repeat(MOST_VALUES - 1) + "]";
        assertThat(parse(list)).as("with the list itself").isPresent();
        Problem problem = failure("[1," + list.substring(1));
        assertThat(problem.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
        assertThat(problem.message()).contains("more than 1000000 values");
    }

    /** Readers read them as often as they are named: a few lines could stand for any number of values. */
    @Test
    void anAliasCountsAsAllThatItStandsFor() throws InputException {
        // One list, 999 values in the anchored one, and as many behind each alias: a million in all.
        String anchored = "[&a [" + "1,".repeat(998) + "]";
        parse(anchored + ", *a".repeat(1000) + "]");
        assertThat(failure(anchored + ", *a".repeat(1001) + "]").code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
    }

    @Test
    void aliasesNeitherMultiplyNorLeadIntoThemselves() throws InputException {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 90; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(failure(bomb.toString()).message()).contains("more than 1000000 values");
        assertThat(failure("a: &a [*a]").message()).contains("unknown, or within itself");
        assertThat(failure("a: &a {b: *a}").message()).contains("unknown, or within itself");
        assertThat(failure("a: *b").message()).contains("unknown, or within itself");
    }

    /** Else a chain of them leads as deep as the stack of a reader: each is nested in the one before. */
    @Test
    void anAliasCountsWithAllItsLevels() throws InputException {
        String chain = "- &a " + "[".repeat(40) + "]".repeat(40) + "\n- &b {x: [*a], y: []}\n- ";
        parse(chain + "[".repeat(57) + "*b" + "]".repeat(57));
        Problem problem = failure(chain + "[".repeat(58) + "*b" + "]".repeat(58));
        assertThat(problem.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
        assertThat(problem.toString())
                .startsWith("error: the document is nested deeper than 100 levels, test.yaml:3:61");
    }

    @Test
    void nullsAreThoseOfKubectl() throws InputException {
        for (String text : new String[] {"", "~", "null", "Null", "NULL"}) {
            assertThat(parse("a: " + text + "\n").map(v -> field(v, "a"))).get().isInstanceOf(Value.Null.class);
        }
        assertThat(parse("a: \"null\"").map(v -> field(v, "a"))).get().isInstanceOf(Value.Scalar.class);
        assertThat(parse("~")).as("a document without content").isEmpty();
    }

    @Test
    void aKeyThatIsThereTwiceIsAnError() {
        assertThat(failure("a: 1\nb: 2\na: 3\n"))
                .hasToString(
                        "error: not valid YAML or JSON: key 'a' is there twice, test.yaml:3:1, correct it; until then"
                                + " the last good content stays [SyntaxError]");
    }

    private static Value field(Value mapping, String name) {
        return ((Value.Mapping) mapping).fields().get(name).value();
    }

    private static Optional<Value> parse(String text) throws InputException {
        return YamlParser.parse("test.yaml", new YamlDocuments.Document(text, 0), new Limit(MOST_VALUES, "raise it"));
    }

    private static Problem failure(String text) {
        return catchThrowableOfType(InputException.class, () -> parse(text))
                .problems()
                .getFirst();
    }
}
