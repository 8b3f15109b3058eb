package io.moongate.adoption.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads lines of the formats that are tried. Safe for use by all threads. */
public final class Formats {
    /** Of Envoy about itself, of Istio's agent. */
    private static final Pattern PROCESS = Pattern.compile(
            "\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+]\\[\\d+]\\[[a-z]+].*"
                    + "|\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t[a-z]+\\t.*",
            Pattern.DOTALL);

    /** What container runtimes and kubectl put before a line: name of the pod, time, stream. */
    private static final Pattern PREFIX = Pattern.compile(
            "(?:\\[pod/[^\\]]*] )?(?:\\d{4}-\\d\\d-\\d\\dT\\S+ )?(?:std(?:out|err) F )?(.*)", Pattern.DOTALL);

    /** Where log collectors put a line. */
    private static final List<String> WRAPPED = List.of("log", "line", "message", "textPayload");

    private static final int LONGEST_FORMAT = 8192;

    private final List<LineFormat> formats;
    private final LineReader reader;

    private Formats(List<LineFormat> formats, Ports ports) {
        this.formats = formats;
        this.reader = new LineReader(ports);
    }

    /** Those that need no word of the operator. */
    public static Formats usual(Ports ports) {
        return new Formats(List.of(TextFormat.ISTIO, TextFormat.ENVOY, new JsonFormat()), ports);
    }

    /**
     * One that the operator gives, as it stands in Envoy's configuration. Throws, with the reason, if it cannot be read
     * or has not what is needed.
     */
    public static Formats of(String given, Ports ports) {
        if (given.length() > LONGEST_FORMAT) {
            throw new IllegalArgumentException("it is longer than " + LONGEST_FORMAT + " characters");
        }
        String format = unescaped(given.strip());
        String name = "the format '" + format + "'";
        var logged = new ArrayList<Field>();
        LineFormat parsed;
        if (format.startsWith("{") && JsonText.flat(format).isPresent()) {
            JsonPattern pattern = JsonPattern.of(name, format);
            parsed = pattern;
            List.of(Field.values()).stream().filter(pattern::logs).forEach(logged::add);
        } else {
            TextFormat text = TextFormat.of(name, format);
            parsed = text;
            List.of(Field.values()).stream().filter(text::logs).forEach(logged::add);
        }
        require(logged, "%START_TIME%", Field.START);
        require(logged, "%DURATION%", Field.DURATION, Field.END);
        require(logged, "%RESPONSE_CODE%", Field.STATUS);
        require(
                logged,
                "%REQ(X-GARDENER-DESTINATION)%, %REQ(REVERSED-VPN)% or %UPSTREAM_CLUSTER%",
                Field.UNIFIED_HEADER,
                Field.LEGACY_HEADER,
                Field.EITHER_HEADER,
                Field.CLUSTER);
        return new Formats(List.of(parsed), ports);
    }

    private static void require(List<Field> logged, String what, Field... oneOf) {
        if (List.of(oneOf).stream().noneMatch(logged::contains)) {
            throw new IllegalArgumentException("it has no " + what);
        }
    }

    /** As it is copied from YAML or from a shell. */
    private static String unescaped(String format) {
        String bare = format.endsWith("\\n") ? format.substring(0, format.length() - 2) : format;
        return bare.startsWith("{") ? bare : bare.replace("\\\"", "\"").replace("\\t", "\t");
    }

    /** For people. */
    public String tried() {
        return formats.stream().map(LineFormat::name).collect(Collectors.joining(", "));
    }

    LogLine read(String line) {
        if (line.isBlank()) {
            return new LogLine.Blank();
        }
        LogLine bare = readBare(line);
        if (!(bare instanceof LogLine.Unreadable)) {
            return bare;
        }
        // A collector's object has a level and a time, too: what it carries comes first.
        Optional<String> inner = unwrapped(line);
        LogLine unwrapped = inner.map(this::readInner).orElse(bare);
        if (!(unwrapped instanceof LogLine.Unreadable)) {
            return unwrapped;
        }
        return isProcess(line) || inner.filter(Formats::isProcess).isPresent() ? new LogLine.OfProcess() : bare;
    }

    private LogLine readInner(String line) {
        return line.isBlank() ? new LogLine.Blank() : readBare(line);
    }

    private LogLine readBare(String line) {
        String why = "it is of another format";
        for (LineFormat format : formats) {
            Optional<Values> values = format.read(line);
            if (values.isPresent()) {
                LogLine read = reader.read(values.get(), line);
                if (!(read instanceof LogLine.Unreadable(String reason))) {
                    return read;
                }
                why = reason;
            }
        }
        return new LogLine.Unreadable(why);
    }

    /** Whether Envoy or Istio's agent writes it about itself. */
    private static boolean isProcess(String line) {
        return PROCESS.matcher(line).matches()
                || JsonText.flat(line)
                        .filter(o -> o.containsKey("level") && o.containsKey("time"))
                        .filter(o -> o.containsKey("msg") || o.containsKey("message"))
                        .filter(o -> !o.toString().contains("CONNECT"))
                        .isPresent();
    }

    private static Optional<String> unwrapped(String line) {
        Optional<Map<String, String>> object = JsonText.flat(line);
        if (object.isPresent()) {
            return WRAPPED.stream()
                    .flatMap(key -> Stream.ofNullable(object.get().get(key)))
                    .map(String::strip)
                    .findFirst();
        }
        Matcher matcher = PREFIX.matcher(line);
        return matcher.matches() && matcher.start(1) > 0 ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
