package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each limit on the security page is the one in the code, or the default in the configuration reference. */
class SecurityPageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| (`[^|]+`) \\|$");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern KEY = Pattern.compile("(?m)^\\| `([^`]+)` \\| [^|]* \\| `([^`]*)` \\|");

    static Stream<MatchResult> limits() throws IOException {
        String page = Files.readString(DOCS.resolve("security.md"));
        return ROW.matcher(page.substring(page.indexOf("## Limits"))).results();
    }

    @Test
    void thereAreLimits() throws IOException {
        assertThat(limits()).hasSizeGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void isTrue(MatchResult row) throws Exception {
        Set<String> said = Pattern.compile("[\\w.]+")
                .matcher(row.group(2).replaceAll("(\\d),(?=\\d)", "$1"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        List<String> names =
                NAME.matcher(row.group(3)).results().map(r -> r.group(1)).toList();
        for (String name : names) {
            assertThat(said).as("%s, set by %s", row.group(1), name).contains(value(name));
        }
    }

    private static String value(String name) throws Exception {
        int dot = name.lastIndexOf('.');
        if (!name.substring(dot + 1).equals(name.substring(dot + 1).toUpperCase(java.util.Locale.ROOT))) {
            String found = keys().get(name);
            assertThat(found).as("the configuration key %s", name).isNotNull();
            return found;
        }
        var field = Class.forName("io.moongate." + name.substring(0, dot)).getDeclaredField(name.substring(dot + 1));
        field.setAccessible(true);
        Object value = field.get(null);
        return value instanceof Duration duration ? String.valueOf(duration.toSeconds()) : value.toString();
    }

    private static Map<String, String> keys() throws IOException {
        String page = Files.readString(DOCS.resolve("reference/configuration.md"));
        return KEY.matcher(page).results().collect(Collectors.toMap(r -> r.group(1), r -> r.group(2), (a, b) -> a));
    }
}
