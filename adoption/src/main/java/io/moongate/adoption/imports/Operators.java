package io.moongate.adoption.imports;

import io.moongate.model.destination.Entrance;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Envoy's command operators, as far as their values are of use. */
final class Operators {
    private static final Set<String> HEADERS = Set.of("REQ", "REQUEST_HEADER", "REQ_WITHOUT_QUERY");

    /** Values that others than Envoy choose, and that can hold spaces and quotes. */
    private static final Set<String> FREE = Set.of(
            "RESP",
            "RESPONSE_HEADER",
            "TRAILER",
            "RESPONSE_TRAILER",
            "DYNAMIC_METADATA",
            "FILTER_STATE",
            "UPSTREAM_FILTER_STATE",
            "LOCAL_REPLY_BODY",
            "QUERY_PARAM",
            "QUERY_PARAMS",
            "CEL");
    /** Of a certificate. */
    private static final List<String> FREE_PARTS = List.of("PEER_", "LOCAL_SUBJECT", "LOCAL_URI");
    /** Of request headers those that hold no space, as HTTP has it. */
    private static final Set<String> TOKENS = Set.of(":method", ":path", ":scheme", "x-envoy-original-path");

    private static final Pattern OPERATOR = Pattern.compile("([A-Z_]+)(?:\\((.*)\\))?(?::\\d+)?");

    private Operators() {}

    /**
     * @param field empty where it is of no use
     * @param free whether a client can put anything into its value
     */
    record Operator(Optional<Field> field, boolean free, TimeFormat time) {}

    /**
     * Throws, with the reason, if it is none.
     *
     * @param text what stands between the two percent signs
     */
    static Operator of(String text) {
        var matcher = OPERATOR.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%" + text + "%' is not a command operator");
        }
        String name = matcher.group(1);
        String argument = matcher.group(2) == null ? "" : matcher.group(2);
        if (HEADERS.contains(name)) {
            return header(argument);
        }
        boolean free = FREE.contains(name) || FREE_PARTS.stream().anyMatch(name::contains);
        TimeFormat time = name.equals("START_TIME") ? TimeFormat.of(argument) : TimeFormat.RFC_3339;
        return new Operator(Optional.ofNullable(field(name)), free, time);
    }

    private static Operator header(String argument) {
        List<String> names = Arrays.stream(argument.toLowerCase(Locale.ROOT).split("\\?", -1))
                .toList();
        boolean unified = names.contains(Entrance.UNIFIED.header().toLowerCase(Locale.ROOT));
        boolean legacy = names.contains(Entrance.LEGACY.header().toLowerCase(Locale.ROOT));
        if (unified || legacy) {
            Field field =
                    unified && legacy ? Field.EITHER_HEADER : unified ? Field.UNIFIED_HEADER : Field.LEGACY_HEADER;
            // A tunnel that was answered with 200 has a value without a space: it is the name of a cluster.
            return new Operator(Optional.of(field), false, TimeFormat.RFC_3339);
        }
        return switch (argument.toLowerCase(Locale.ROOT)) {
            case ":method" -> new Operator(Optional.of(Field.METHOD), false, TimeFormat.RFC_3339);
            case "x-request-id" -> new Operator(Optional.of(Field.REQUEST_ID), true, TimeFormat.RFC_3339);
            default -> new Operator(Optional.empty(), !TOKENS.containsAll(names), TimeFormat.RFC_3339);
        };
    }

    private static @Nullable Field field(String name) {
        return switch (name) {
            case "START_TIME" -> Field.START;
            case "EMIT_TIME" -> Field.END;
            case "RESPONSE_CODE" -> Field.STATUS;
            case "DURATION" -> Field.DURATION;
            case "BYTES_RECEIVED" -> Field.BYTES_RECEIVED;
            case "BYTES_SENT" -> Field.BYTES_SENT;
            case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW" -> Field.CLUSTER;
            case "DOWNSTREAM_LOCAL_ADDRESS", "DOWNSTREAM_DIRECT_LOCAL_ADDRESS" -> Field.LOCAL_ADDRESS;
            case "DOWNSTREAM_LOCAL_PORT" -> Field.LOCAL_PORT;
            case "DOWNSTREAM_REMOTE_ADDRESS", "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" -> Field.CLIENT;
            case "STREAM_ID" -> Field.STREAM_ID;
            case "CONNECTION_ID" -> Field.CONNECTION_ID;
            case "FILTER_CHAIN_NAME", "LISTENER_NAME" -> Field.LISTENER;
            default -> null;
        };
    }
}
