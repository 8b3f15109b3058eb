package io.moongate.adoption.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a log writes its times: RFC 3339, or as the parameter of {@code %START_TIME(…)%} says. */
final class TimeFormat {
    static final TimeFormat RFC_3339 = new TimeFormat(TimeFormat::rfc3339);

    /** How the usual form begins; digits follow. */
    private static final String SHAPE = "0000-00-00T00:00:00.";
    /** Where the seconds end. */
    private static final int SECONDS = 19;

    private static final Pattern EPOCH = Pattern.compile("%s(?:(\\.?)%([1-9])f)?");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,19}");
    /** What is written before Envoy existed, or long after us, is no time of a log. */
    private static final Instant EARLIEST = Instant.parse("2015-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private final Function<String, TemporalAccessor> parser;

    private TimeFormat(Function<String, TemporalAccessor> parser) {
        this.parser = parser;
    }

    /** Throws, with the reason, if it has a specifier that is not known. */
    static TimeFormat of(String specifiers) {
        if (specifiers.isEmpty()) {
            return RFC_3339;
        }
        Matcher epoch = EPOCH.matcher(specifiers);
        if (epoch.matches()) {
            int digits = epoch.group(2) == null ? 0 : Integer.parseInt(epoch.group(2));
            boolean point = ".".equals(epoch.group(1));
            return new TimeFormat(text -> sinceEpoch(text, digits, point));
        }
        var builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        int at = 0;
        while (at < specifiers.length()) {
            if (specifiers.charAt(at) == '%') {
                at = append(builder, specifiers, at + 1);
            } else {
                builder.appendLiteral(specifiers.charAt(at++));
            }
        }
        // Envoy writes the names of days and months as in the C locale.
        return new TimeFormat(builder.toFormatter(Locale.US)::parse);
    }

    /** Returns where the next one begins. */
    private static int append(DateTimeFormatterBuilder to, String specifiers, int at) {
        int end = at;
        while (end < specifiers.length() && "E123456789*".indexOf(specifiers.charAt(end)) >= 0) {
            end++;
        }
        String name = specifiers.substring(at, Math.min(end + 1, specifiers.length()));
        switch (name) {
            case "Y" -> to.appendPattern("uuuu");
            case "y" -> to.appendPattern("uu");
            case "m" -> to.appendPattern("MM");
            case "d" -> to.appendPattern("dd");
            case "e" -> to.appendPattern("ppd");
            case "a" -> to.appendPattern("EEE");
            case "A" -> to.appendPattern("EEEE");
            case "b", "h" -> to.appendPattern("MMM");
            case "B" -> to.appendPattern("MMMM");
            case "D" -> to.appendPattern("MM/dd/uu");
            case "R" -> to.appendPattern("HH:mm");
            case "H" -> to.appendPattern("HH");
            case "M" -> to.appendPattern("mm");
            case "S" -> to.appendPattern("ss");
            case "F" -> to.appendPattern("uuuu-MM-dd");
            case "T" -> to.appendPattern("HH:mm:ss");
            case "z", "Ez" -> to.appendPattern("[XXX][XX][X]");
            case "Z" -> to.appendPattern("[zzz]");
            case "f" -> to.appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false);
            case "E*S" -> to.appendPattern("ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true);
            case "%" -> to.appendLiteral('%');
            default -> appendFraction(to, name);
        }
        return at + name.length();
    }

    private static void appendFraction(DateTimeFormatterBuilder to, String name) {
        if (name.matches("[1-9]f")) {
            int digits = name.charAt(0) - '0';
            to.appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
        } else if (name.matches("E[1-9]S")) {
            int digits = name.charAt(1) - '0';
            to.appendPattern("ss").appendLiteral('.').appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
        } else {
            throw new IllegalArgumentException("'%" + name + "' in START_TIME is not known");
        }
    }

    /** Of all that is done with a line this is done most often: the usual form takes a short way. */
    private static TemporalAccessor rfc3339(String text) {
        int last = text.length() - 1;
        boolean usual = last >= SECONDS && last <= SECONDS + 10 && text.charAt(last) == 'Z' && isShaped(text, last);
        if (!usual) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text);
        }
        long nanos = 0;
        for (int i = SECONDS + 1; i < last; i++) {
            nanos = nanos * 10 + digit(text, i);
        }
        for (int i = Math.max(0, last - SECONDS - 1); i < 9; i++) {
            nanos *= 10;
        }
        return LocalDateTime.of(
                        two(text, 0) * 100 + two(text, 2),
                        two(text, 5),
                        two(text, 8),
                        two(text, 11),
                        two(text, 14),
                        two(text, 17))
                .withNano((int) nanos)
                .toInstant(ZoneOffset.UTC);
    }

    private static boolean isShaped(String text, int last) {
        for (int i = 0; i < last; i++) {
            char expected = i < SHAPE.length() ? SHAPE.charAt(i) : '0';
            char found = text.charAt(i);
            if (expected == '0' ? found < '0' || found > '9' : found != expected) {
                return false;
            }
        }
        return last != SECONDS + 1;
    }

    private static int two(String text, int at) {
        return digit(text, at) * 10 + digit(text, at + 1);
    }

    private static int digit(String text, int at) {
        return text.charAt(at) - '0';
    }

    private static Instant sinceEpoch(String text, int digits, boolean point) {
        String whole = text;
        if (point) {
            int dot = text.length() - digits - 1;
            if (dot < 1 || text.charAt(dot) != '.') {
                throw new DateTimeException("no point in " + text);
            }
            whole = text.substring(0, dot) + text.substring(dot + 1);
        }
        if (!DIGITS.matcher(whole).matches() || whole.length() <= digits) {
            throw new DateTimeException("no number: " + text);
        }
        int split = whole.length() - digits;
        String fraction = (whole.substring(split) + "000000000").substring(0, 9);
        return Instant.ofEpochSecond(Long.parseLong(whole.substring(0, split)), Long.parseLong(fraction));
    }

    /** Empty if it is none, or none that a log can have. A time without a zone is UTC. */
    Optional<Instant> parse(String text) {
        try {
            TemporalAccessor parsed = parser.apply(text);
            Instant time = parsed.isSupported(ChronoField.INSTANT_SECONDS)
                    ? Instant.from(parsed)
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? Optional.empty() : Optional.of(time);
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
