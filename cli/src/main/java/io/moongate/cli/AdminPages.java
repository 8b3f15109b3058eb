package io.moongate.cli;

import io.moongate.dataplane.admin.AdminServer.Request;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.dataplane.admin.AdminServer.Routes;
import io.moongate.manifest.write.Trees;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the admin endpoint of every role serves. Where it listens for a cluster's probes and metrics, what shows the plan
 * or changes something is still for this machine alone.
 */
public final class AdminPages implements Routes {
    private static final String LIVE = "/livez";
    private static final String READY = "/readyz";
    private static final String METRICS = "/metrics";
    private static final String CONFIRM = "/confirm/";
    private static final String JSON = "application/json";

    private final Local local;
    private final PrometheusRegistry metrics;
    private final Health health;
    private final Predicate<String> confirm;

    /** What a POST with a JSON object asks for. */
    public interface Action {
        Response carryOut(Map<?, ?> body);
    }

    /**
     * What is for this machine alone, by its path.
     *
     * @param pages {@code /config} among them
     * @param below pages of which there are many: by what their paths begin with, given the rest; empty where there is none
     */
    public record Local(
            Map<String, Supplier<Map<String, Object>>> pages,
            Map<String, Function<String, Optional<Map<String, Object>>>> below,
            Map<String, Action> actions) {
        public Local {
            pages = Map.copyOf(pages);
            below = Map.copyOf(below);
            actions = Map.copyOf(actions);
        }

        /** Only the one page. */
        public static Local config(Supplier<Map<String, Object>> config) {
            return new Local(Map.of("/config", config), Map.of(), Map.of());
        }

        /** What a GET of this path shows; empty where there is no such page. */
        public Optional<Response> show(String path) {
            return page(path).map(page -> new Response(200, JSON, Trees.prettyJson(page)));
        }

        private boolean has(String path) {
            return pages.containsKey(path)
                    || actions.containsKey(path)
                    || below.keySet().stream().anyMatch(path::startsWith);
        }

        private Optional<Map<String, Object>> page(String path) {
            return Optional.ofNullable(pages.get(path))
                    .map(Supplier::get)
                    .or(() -> below.entrySet().stream()
                            .filter(e -> path.startsWith(e.getKey()))
                            .findFirst()
                            .flatMap(e ->
                                    e.getValue().apply(path.substring(e.getKey().length()))));
        }
    }

    /** Health as probes ask for it. */
    public interface Health {
        /** Why the process is not live; empty while it is. */
        Optional<String> notLive();

        boolean ready();
    }

    /**
     * @param confirm whether something is held back under this id; carries it out then
     */
    public AdminPages(Local local, PrometheusRegistry metrics, Health health, Predicate<String> confirm) {
        this.local = local;
        this.metrics = metrics;
        this.health = health;
        this.confirm = confirm;
    }

    @Override
    public boolean atOnce(String path) {
        return path.equals(LIVE) || path.equals(READY);
    }

    @Override
    public boolean apart(String path) {
        return path.equals(METRICS);
    }

    @Override
    public Optional<Response> answer(Request request) {
        String method = request.method();
        String path = request.path();
        boolean forThisMachine = path.startsWith(CONFIRM) || local.has(path);
        if (!request.local() && forThisMachine) {
            return Optional.of(Response.text(
                    403, "only from this machine; in a cluster: kubectl port-forward, or kubectl exec into the pod"));
        }
        if (path.startsWith(CONFIRM)) {
            return Optional.of(
                    method.equals("POST")
                            ? confirm(path.substring(CONFIRM.length()))
                            : Response.text(405, "confirm with POST"));
        }
        if (local.actions().containsKey(path)) {
            return Optional.of(method.equals("POST") ? act(path, request) : Response.text(405, "only POST"));
        }
        if (!method.equals("GET")) {
            return Optional.of(Response.text(405, "only GET"));
        }
        return switch (path) {
            case LIVE ->
                Optional.of(health.notLive()
                        .map(why -> Response.text(503, "not live: " + why))
                        .orElseGet(() -> Response.text(200, "ok")));
            case READY -> Optional.of(health.ready() ? Response.text(200, "ok") : Response.text(503, "not ready"));
            case METRICS -> Optional.of(new Response(200, PrometheusTextFormatWriter.CONTENT_TYPE, metrics()));
            default -> local.show(path);
        };
    }

    /** A page of somebody else in a browser on this machine can post, but not with this type. */
    private Response act(String path, Request request) {
        if (!request.contentType().equals(JSON)) {
            return Response.text(415, "send a JSON object, as " + JSON);
        }
        Optional<Map<?, ?>> body = JsonObjects.parse(request.body());
        Action action = local.actions().get(path);
        return body.isEmpty() || action == null
                ? Response.text(400, "the body is no JSON object")
                : action.carryOut(body.get());
    }

    private Response confirm(String id) {
        return confirm.test(id)
                ? Response.text(200, "confirmed: what was held back under " + id + " is carried out")
                : Response.text(
                        409,
                        "nothing is held back under the id " + id
                                + ", in the running moongate, see the held problems on /config");
    }

    private String metrics() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, metrics.scrape());
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
