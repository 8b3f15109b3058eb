package io.moongate.adoption.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
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
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("dashboard-clock").daemon().factory());
    private final AnswerSender sender;
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
        this(address, shown, decider, guard, Runtime.getRuntime().maxMemory());
    }

    /** @param heap of the process, in bytes */
    Dashboard(
            InetSocketAddress address, DashboardSource shown, Optional<Decider> decider, RequestGuard guard, long heap)
            throws IOException {
        source = new CachedSource(shown);
        pages = new Pages(source, decider.isPresent());
        form = decider.map(DecisionForm::new);
        viewers = new Viewers(source);
        this.guard = guard;
        sender = new AnswerSender(clock, heap);
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            clock.shutdownNow();
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
                sender.text(
                        exchange,
                        403,
                        "ask for it by an IP address or as localhost; other names must be configured: admin.hosts, or --host"
                                + " of 'moongate dashboard'");
            } else if (guard.isFromAnotherSite(method, name -> values(exchange, name))) {
                sender.text(exchange, 403, "this request comes from a page of another site");
            } else if (method.equals("POST") && path.equals("/removal") && form.isPresent()) {
                decide(exchange, form.get());
            } else if (!method.equals("GET")) {
                sender.text(exchange, 405, "pages are read: GET");
            } else if (path.equals("/events")) {
                events(exchange);
            } else if (STATIC.containsKey(path)) {
                sender.send(exchange, 200, String.valueOf(STATIC.get(path)), resource(path));
            } else if (!sender.page(exchange, () -> page(exchange, path))) {
                sender.busy(exchange);
            }
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("a viewer has gone, or the dashboard ends: {}", e.getMessage());
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

    private AnswerSender.Page page(HttpExchange exchange, String path) throws IOException {
        Optional<String> page =
                pages.page(path, Filter.of(exchange.getRequestURI().getRawQuery()));
        return page.isPresent() ? new AnswerSender.Page(200, page.get()) : new AnswerSender.Page(404, pages.notFound());
    }

    private void decide(HttpExchange exchange, DecisionForm form) throws IOException {
        DecisionForm.Said said = form.take(exchange);
        if (said.decided()) {
            source.forget();
        }
        if (!sender.page(exchange, () -> new AnswerSender.Page(said.status(), pages.removal(said)))) {
            // It has been decided all the same.
            sender.text(exchange, said.status(), said.text());
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        if (!viewers.enter()) {
            sender.text(exchange, 503, "too many pages are open; reload to see what is new");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        viewers.tell(exchange.getResponseBody());
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(path.substring(1))) {
            if (in == null) {
                throw new IOException(path + " is not in the jar");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        viewers.close();
        clock.shutdownNow();
        server.stop(0);
        threads.shutdownNow();
    }
}
