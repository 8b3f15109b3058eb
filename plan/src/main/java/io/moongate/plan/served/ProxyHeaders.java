package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a listener's filters do with PROXY headers. */
final class ProxyHeaders {
    static final String NAME = "envoy.filters.listener.proxy_protocol";
    static final String TYPE = "proxy_protocol.v3.ProxyProtocol";

    /** Those that are judged, and those that change no connection. */
    static final Set<String> FIELDS =
            Set.of("@type", "allow_requests_without_proxy_protocol", "rules", "pass_through_tlvs", "stat_prefix");

    private final List<Map<String, Object>> filters;

    ProxyHeaders(Map<String, Object> listener) {
        this.filters = ProtoTree.messages(listener, "listener_filters").stream()
                .filter(ProxyHeaders::reads)
                .toList();
    }

    /** By its type; its name is anybody's choice. */
    private static boolean reads(Map<String, Object> filter) {
        String type = ProtoTree.typeOf(filter.get("typed_config"));
        return type.isEmpty() ? LiveTree.text(filter.get("name")).equals(NAME) : type.endsWith(TYPE);
    }

    boolean areRead() {
        return !filters.isEmpty();
    }

    /** Whether a connection gets through that begins with so many headers: each filter takes one, if there is one. */
    boolean accept(int count) {
        int left = count;
        for (Map<String, Object> filter : filters) {
            boolean optional =
                    LiveTree.isTrue(LiveTree.at(filter, "typed_config", "allow_requests_without_proxy_protocol"));
            if (left == 0 && !optional) {
                return false;
            }
            left = Math.max(0, left - 1);
        }
        return left == 0;
    }

    static boolean isSetBy(Patch patch) {
        return Patches.has(patch.value(), TYPE) || Patches.has(patch.value(), NAME);
    }
}
