package io.moongate.adoption.imports;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON lines with the keys that are in use for Envoy's operators: Istio's, those of Envoy's documentation, and
 * Moongate's own. {@code start_time}, {@code startTime} and {@code Start-Time} are the same key.
 */
final class JsonFormat implements LineFormat {
    /** Keys are few; a log that invents them must not fill the memory. */
    private static final int MOST_KEYS = 10_000;

    private final Map<String, Optional<Field>> known = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "JSON with the keys of Istio, Envoy or Moongate";
    }

    @Override
    public Optional<Values> read(String line) {
        return JsonText.flat(line).flatMap(this::values);
    }

    Optional<Values> values(Map<String, String> object) {
        boolean own = object.containsKey("listener") && object.containsKey("flag") && object.containsKey("setup_ms");
        var values = new Values.Builder();
        object.forEach((key, value) -> {
            Optional<Field> field = own ? Optional.ofNullable(own(key)) : known(key);
            field.ifPresent(f -> values.put(f, value));
        });
        Values built = values.build(TimeFormat.RFC_3339);
        return built.of().containsKey(own ? Field.END : Field.START) ? Optional.of(built) : Optional.empty();
    }

    /** Moongate's own: one line at the end of each tunnel or refused request. */
    private static @Nullable Field own(String key) {
        return switch (key) {
            case "time" -> Field.END;
            case "shoot" -> Field.SHOOT;
            case "destination" -> Field.EITHER_HEADER;
            case "listener" -> Field.LISTENER;
            case "client" -> Field.CLIENT;
            case "status" -> Field.STATUS;
            case "bytes_in" -> Field.BYTES_RECEIVED;
            case "bytes_out" -> Field.BYTES_SENT;
            case "duration_ms" -> Field.DURATION;
            default -> null;
        };
    }

    private Optional<Field> known(String key) {
        if (known.size() >= MOST_KEYS) {
            return Optional.ofNullable(field(key));
        }
        return known.computeIfAbsent(key, k -> Optional.ofNullable(field(k)));
    }

    private static @Nullable Field field(String key) {
        String bare = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (bare.endsWith("xgardenerdestination")) {
            return Field.UNIFIED_HEADER;
        }
        if (bare.endsWith("reversedvpn")) {
            return Field.LEGACY_HEADER;
        }
        return switch (bare) {
            case "starttime" -> Field.START;
            case "method", "requestmethod", "reqmethod" -> Field.METHOD;
            case "responsecode" -> Field.STATUS;
            case "duration", "durationms" -> Field.DURATION;
            case "bytesreceived" -> Field.BYTES_RECEIVED;
            case "bytessent" -> Field.BYTES_SENT;
            case "upstreamcluster", "upstreamclusterraw" -> Field.CLUSTER;
            case "downstreamlocaladdress" -> Field.LOCAL_ADDRESS;
            case "downstreamlocalport" -> Field.LOCAL_PORT;
            case "downstreamremoteaddress", "downstreamremoteaddresswithoutport" -> Field.CLIENT;
            case "requestid", "xrequestid" -> Field.REQUEST_ID;
            case "streamid" -> Field.STREAM_ID;
            case "connectionid" -> Field.CONNECTION_ID;
            case "listener", "listenername", "filterchainname", "logname" -> Field.LISTENER;
            default -> null;
        };
    }
}
