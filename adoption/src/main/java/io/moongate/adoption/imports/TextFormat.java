package io.moongate.adoption.imports;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines that are written by one of Envoy's format strings. A client chooses the values of headers, and Envoy does not
 * escape their quotes: so what stands before the first such value is read from the left, what stands behind the last
 * one from the right, and no header can move either.
 */
final class TextFormat implements LineFormat {
    private static final Pattern OPERATOR = Pattern.compile("%((?:[^%(]++|\\([^)]*\\))*+)%");

    static final TextFormat ENVOY = of("Envoy's default format", """
            [%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% \
            %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \
            "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\
            """);

    static final TextFormat ISTIO = of("Istio's default format", """
            [%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% \
            %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% \
            "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% \
            %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" \
            "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% \
            %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% \
            %REQUESTED_SERVER_NAME% %ROUTE_NAME%\
            """);

    private static final int LONGEST_TIME = 64;
    private static final Set<Field> NAMES =
            EnumSet.of(Field.UNIFIED_HEADER, Field.LEGACY_HEADER, Field.EITHER_HEADER, Field.CLUSTER);

    private final String name;
    /** What stands before the first value, between two, and behind the last. */
    private final List<String> literals = new ArrayList<>();

    private final List<Operators.Operator> operators = new ArrayList<>();
    private final TimeFormat time;

    private TextFormat(String name, String format) {
        this.name = name;
        Matcher matcher = OPERATOR.matcher(format);
        var literal = new StringBuilder();
        int at = 0;
        while (matcher.find()) {
            literal.append(format, at, matcher.start());
            at = matcher.end();
            if (matcher.group(1).isEmpty()) {
                literal.append('%');
                continue;
            }
            if (literal.isEmpty() && !operators.isEmpty()) {
                throw new IllegalArgumentException(
                        "nothing separates '" + matcher.group() + "' from the operator before it");
            }
            literals.add(literal.toString());
            literal.setLength(0);
            operators.add(Operators.of(matcher.group(1)));
        }
        literals.add(literal.append(format.substring(at)).toString());
        if (operators.isEmpty()) {
            throw new IllegalArgumentException("it has no command operator such as %START_TIME%");
        }
        time = operators.stream()
                .filter(o -> o.field().filter(Field.START::equals).isPresent())
                .findFirst()
                .map(Operators.Operator::time)
                .orElse(TimeFormat.RFC_3339);
    }

    /** Throws, with the reason, if it cannot be read. */
    static TextFormat of(String name, String format) {
        return new TextFormat(name, format);
    }

    /** Whether the format has it at all. */
    boolean logs(Field field) {
        return operators.stream().anyMatch(o -> o.field().filter(field::equals).isPresent());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Values> read(String line) {
        var values = new Values.Builder();
        return readInto(values, line) ? Optional.of(values.build(time)) : Optional.empty();
    }

    /** False if the text is not of this format. */
    boolean readInto(Values.Builder values, String text) {
        return new Cut(text, values).read();
    }

    TimeFormat time() {
        return time;
    }

    /** One line, as it is cut from both ends. */
    private final class Cut {
        private final String line;
        private final Values.Builder values;
        private int left;
        private int right = operators.size() - 1;
        private int from;
        private int to;

        private Cut(String line, Values.Builder values) {
            this.line = line;
            this.values = values;
        }

        private boolean read() {
            String first = literals.getFirst();
            String last = literals.getLast();
            from = first.length();
            to = line.length() - last.length();
            if (from > to || !line.startsWith(first) || !line.endsWith(last)) {
                return false;
            }
            return fromTheLeft() && fromTheRight() && between();
        }

        private boolean fromTheLeft() {
            while (left < right && !operators.get(left).free()) {
                String next = literals.get(left + 1);
                int at = line.indexOf(next, from);
                while (at >= 0 && isPart(left, line.substring(from, at))) {
                    at = line.indexOf(next, at + 1);
                }
                if (at < 0 || at + next.length() > to) {
                    return false;
                }
                put(left++, line.substring(from, at));
                from = at + next.length();
            }
            return true;
        }

        private boolean fromTheRight() {
            while (right > left && !operators.get(right).free()) {
                String before = literals.get(right);
                int at = line.lastIndexOf(before, to - before.length());
                while (at >= from && isPart(right, line.substring(at + before.length(), to))) {
                    at = line.lastIndexOf(before, at - 1);
                }
                if (at < from) {
                    return false;
                }
                put(right--, line.substring(at + before.length(), to));
                to = at;
            }
            return true;
        }

        /** Whether the value goes on behind a separator that it holds itself: a time, or the name of a cluster. */
        private boolean isPart(int operator, String text) {
            Field field = operators.get(operator).field().orElse(null);
            return field == Field.START
                    ? time != TimeFormat.RFC_3339
                            && text.length() < LONGEST_TIME
                            && time.parse(text).isEmpty()
                    : field != null && NAMES.contains(field) && Destinations.isPart(text);
        }

        /**
         * Values that clients choose: where their quotes allow two readings, none of them counts. But a request's id,
         * which Envoy makes, is taken from the right: what clients like to make up stands before it.
         */
        private boolean between() {
            List<String> cuts = cutsFromTheLeft();
            if (cuts.isEmpty()) {
                return false;
            }
            List<String> fromTheRight = cutsFromTheRight();
            boolean unclear = !cuts.equals(fromTheRight);
            for (int i = left; i <= right; i++) {
                Optional<Field> field = operators.get(i).field();
                boolean id = field.filter(Field.REQUEST_ID::equals).isPresent();
                if (unclear && field.isPresent() && !id) {
                    return false;
                }
                if (!unclear || (id && !fromTheRight.isEmpty())) {
                    put(i, fromTheRight.get(i - left));
                }
            }
            return true;
        }

        /** Empty if they do not fit. */
        private List<String> cutsFromTheLeft() {
            var cuts = new ArrayList<String>();
            int at = from;
            for (int i = left; i < right; i++) {
                int end = line.indexOf(literals.get(i + 1), at);
                if (end < 0 || end + literals.get(i + 1).length() > to) {
                    return List.of();
                }
                cuts.add(line.substring(at, end));
                at = end + literals.get(i + 1).length();
            }
            cuts.add(line.substring(at, to));
            return cuts;
        }

        /** Empty if they do not fit. */
        private List<String> cutsFromTheRight() {
            var cuts = new ArrayList<String>();
            int end = to;
            for (int i = right; i > left; i--) {
                String before = literals.get(i);
                int at = line.lastIndexOf(before, end - before.length());
                if (at < from) {
                    return List.of();
                }
                cuts.addFirst(line.substring(at + before.length(), end));
                end = at;
            }
            cuts.addFirst(line.substring(from, end));
            return cuts;
        }

        private void put(int operator, String value) {
            operators.get(operator).field().ifPresent(field -> values.put(field, value));
        }
    }
}
