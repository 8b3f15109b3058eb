package io.moongate.adoption.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.report.MergedReport;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Browsers that do not read, and many at once: what that costs is bounded in sum, and small files are served. */
class UnreadPagesTest {
    /** More than the buffers of two sockets hold. */
    private static final int LARGE = 8 << 20;
    /** Room for two large pages. */
    private static final long HEAP = 35L * LARGE;

    /** The dashboard reads its templates by making each page once, apart from all requests. */
    private static final int READ_AT_START = 1;

    private final List<Socket> sockets = new ArrayList<>();
    private final Semaphore entered = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile int size = 1;
    private Dashboard dashboard;

    private final DashboardSource source = new DashboardSource() {
        @Override
        public Look look() {
            return new Look(MergedReport.of(List.of()), Map.of(), List.of("x".repeat(size)));
        }

        /** A part of the first page alone. */
        @Override
        public List<Map<?, ?>> history() {
            entered.release();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        }

        @Override
        public List<Map<?, ?>> days(String shoot) {
            return List.of();
        }
    };

    @BeforeEach
    void open() throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        dashboard = new Dashboard(anyPort, source, Optional.empty(), RequestGuard.STRICT, HEAP);
    }

    @AfterEach
    void close() throws IOException {
        goOn.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        dashboard.close();
    }

    @Test
    void aPageWaitsForRoomAndABrowserThatTakesNothingLosesIt() throws IOException {
        size = LARGE;
        Socket first = ask("/seeds");
        assertThat(beginning(first)).startsWith("HTTP/1.1 200 ");
        assertThat(beginning(ask("/seeds"))).startsWith("HTTP/1.1 200 ");
        Socket third = ask("/seeds");
        assertThat(all(ask("/static/style.css"))).startsWith("HTTP/1.1 200 ");
        assertThat(all(third)).startsWith("HTTP/1.1 200 ").hasSizeGreaterThan(LARGE);
        assertThat(all(first)).as("what the sockets held").hasSizeLessThan(LARGE);
    }

    @Test
    void fewPagesAreMadeAtOnceAndAllInTheirTurn() throws Exception {
        List<Socket> many = new ArrayList<>();
        for (int i = 0; i < 3 * AnswerSender.MADE_AT_ONCE; i++) {
            many.add(ask("/"));
        }
        entered.acquire(AnswerSender.MADE_AT_ONCE + READ_AT_START);
        assertThat(all(ask("/static/style.css"))).startsWith("HTTP/1.1 200 ");
        assertThat(entered.tryAcquire(200, TimeUnit.MILLISECONDS))
                .as("one more")
                .isFalse();
        goOn.countDown();
        for (Socket socket : many) {
            assertThat(all(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aRequestThatGetsNoTurnIsTold() throws Exception {
        for (int i = 0; i < AnswerSender.MADE_AT_ONCE; i++) {
            ask("/");
        }
        entered.acquire(AnswerSender.MADE_AT_ONCE + READ_AT_START);
        assertThat(all(ask("/seeds")))
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 10\r\n")
                .contains("too many pages are asked for at once; try again in 10 s");
    }

    private Socket ask(String path) throws IOException {
        var socket = new Socket();
        sockets.add(socket);
        socket.connect(dashboard.address());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String beginning(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(13), StandardCharsets.UTF_8);
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
