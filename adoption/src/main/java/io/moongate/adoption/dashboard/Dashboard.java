package io.moongate.adoption.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web dashboard's server: pages, two static files and a stream of events. It only shows, but for who knows a token, where there is one. */
public final class Dashboard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);
    private static final Map<String, String> STATIC =
            Map.of("/static/style.css", "text/css; charset=utf-8", "/static/live.js", "text/javascript; charset=utf-8");

    static final int MOST_CONNECTIONS = 500;
    static final int REQUEST_SECONDS = 10;
    static final int ANSWER_SECONDS = 600;

    static {
        // Of the JDK's server, read once: a stranger cannot hold many connections, nor one for long.
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
        // Pages that follow changes connect anew after it.
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(ANSWER_SECONDS));
        System.setProperty("sun.net.httpserver.idleInterval", "60");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CachedSource source;
    private final Pages pages;
    private final Optional<DecisionForm> form;
    private final Viewers viewers;
    private final RequestGuard guard;

    /**
     * Throws with a sentence for people if the address is taken.
     *
     * @param decider decides for whoever knows its token; without one nobody can
     * @param guard the names under which the dashboard may be asked for
     */
    public Dashboard(InetSocketAddress address, DashboardSource shown, Optional<Decider> decider, RequestGuard guard)
            throws IOException {
        source = new CachedSource(shown);
        pages = new Pages(source, decider.isPresent());
        form = decider.map(DecisionForm::new);
        viewers = new Viewers(source);
        this.guard = guard;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "the dashboard cannot open " + Addresses.text(address) + " (" + e.getMessage() + ")", e);
        }
        threads.execute(this::warm);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void warm() {
        try {
            pages.warm();
        } catch (IOException e) {
            LOG.error("the dashboard's pages cannot be made: {}", e.getMessage());
        }
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            secure(exchange);
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            if (!isKnownName(exchange)) {
                send(
                        exchange,
                        403,
                        "text/plain; charset=utf-8",
                        "ask for it by an IP address or as localhost; other names must be configured: admin.hosts, or --host"
                                + " of 'moongate dashboard'\n");
            } else if (guard.isFromAnotherSite(method, name -> values(exchange, name))) {
                send(exchange, 403, "text/plain; charset=utf-8", "this request comes from a page of another site\n");
            } else if (method.equals("POST") && path.equals("/removal") && form.isPresent()) {
                decide(exchange, form.get());
            } else if (!method.equals("GET")) {
                send(exchange, 405, "text/plain; charset=utf-8", "pages are read: GET\n");
            } else if (path.equals("/events")) {
                events(exchange);
            } else if (STATIC.containsKey(path)) {
                send(exchange, 200, String.valueOf(STATIC.get(path)), resource(path));
            } else {
                page(exchange, path);
            }
        } catch (IOException e) {
            LOG.debug("a viewer has gone: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("the dashboard could not answer {}", exchange.getRequestURI(), e);
        }
    }

    private static void secure(HttpExchange exchange) {
        var headers = exchange.getResponseHeaders();
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
                        + "base-uri 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        // Not "no-referrer": with that the form would say that it comes from nowhere.
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    /** A page of another site, whose name was made to lead here, must not read it, whatever the address is. */
    private boolean isKnownName(HttpExchange exchange) {
        List<String> hosts = values(exchange, "Host");
        return hosts.size() == 1 && guard.isKnown(hosts.getFirst());
    }

    private static List<String> values(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getOrDefault(name, List.of());
    }

    private void page(HttpExchange exchange, String path) throws IOException {
        Optional<String> page;
        String missing = "";
        try {
            page = pages.page(path, Filter.of(exchange.getRequestURI().getRawQuery()));
            missing = page.isPresent() ? "" : pages.notFound();
        } catch (IOException | RuntimeException e) {
            LOG.error("the dashboard could not make {}", path, e);
            send(exchange, 500, "text/plain; charset=utf-8", "this page could not be made; the log says why\n");
            return;
        }
        send(exchange, page.isPresent() ? 200 : 404, "text/html; charset=utf-8", page.orElse(missing));
    }

    private void decide(HttpExchange exchange, DecisionForm form) throws IOException {
        DecisionForm.Said said = form.take(exchange);
        if (said.decided()) {
            source.forget();
        }
        send(exchange, said.status(), "text/html; charset=utf-8", pages.removal(said));
    }

    private void events(HttpExchange exchange) throws IOException {
        if (!viewers.enter()) {
            send(exchange, 503, "text/plain; charset=utf-8", "too many pages are open; reload to see what is new\n");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        viewers.tell(exchange.getResponseBody());
    }

    private static String resource(String path) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(path.substring(1))) {
            if (in == null) {
                throw new IOException(path + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        viewers.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
