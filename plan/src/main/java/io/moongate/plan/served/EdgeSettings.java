package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a listener sets of its connections. */
final class EdgeSettings {
    /** Linux' default of TCP_KEEPIDLE. */
    private static final long KERNELS_IDLE_SECONDS = 7200;

    /** Envoy's default. */
    private static final long ENVOYS_BUFFER_BYTES = 1024 * 1024;

    // Linux: level and name of SO_KEEPALIVE and TCP_KEEPIDLE.
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;

    private final Map<String, Object> listener;

    EdgeSettings(Map<String, Object> listener) {
        this.listener = listener;
    }

    /** Of silence before the first probe; empty where there is none. */
    OptionalLong keepaliveSeconds() {
        if (option(SOL_SOCKET, SO_KEEPALIVE, 0) == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(option(IPPROTO_TCP, TCP_KEEPIDLE, KERNELS_IDLE_SECONDS));
    }

    /** They are set one after the other. */
    private long option(int level, int name, long otherwise) {
        return LiveTree.list(listener.get("socket_options")).stream()
                .filter(option -> LiveTree.isNumber(LiveTree.at(option, "level"), level)
                        && LiveTree.isNumber(LiveTree.at(option, "name"), name))
                .map(option -> number(LiveTree.at(option, "int_value"), otherwise))
                .reduce((first, last) -> last)
                .orElse(otherwise);
    }

    long bufferBytes() {
        return number(listener.get("per_connection_buffer_limit_bytes"), ENVOYS_BUFFER_BYTES);
    }

    /** Protobuf's JSON has large numbers as texts. */
    private static long number(@Nullable Object value, long otherwise) {
        String text = LiveTree.text(value);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }
}
