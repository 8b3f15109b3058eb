package io.moongate.dataplane.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.model.destination.Entrance;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.tunnel.Flag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    /** A disk that can be full. */
    private static final class Disk extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private volatile boolean full;
        private volatile boolean broken;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (broken) {
                broken = false;
                throw new StackOverflowError();
            }
            if (full) {
                written.write(bytes, from, length / 2);
                throw new IOException("No space left on device");
            }
            written.write(bytes, from, length);
        }

        synchronized String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFullDiskCostsTheLinesOfThatTimeAndNoMore() {
        var disk = new Disk();
        try (var log = new AccessLog(disk, Supervisor.NONE)) {
            disk.full = true;
            log.log(entry());
            await().until(() -> log.dropped() == 1);
            disk.full = false;
            log.log(entry());
            await().until(() -> disk.text().endsWith("}\n"));
            assertThat(disk.text().lines().reduce((a, b) -> b).orElseThrow())
                    .startsWith("{\"time\"")
                    .endsWith("}");
            assertThat(log.dropped()).isEqualTo(1);
        }
    }

    @Test
    void whatThrowsCostsItsBatchAndNotTheThread() {
        var disk = new Disk();
        try (var log = new AccessLog(disk, Supervisor.NONE)) {
            disk.broken = true;
            log.log(entry());
            await().until(() -> log.dropped() == 1);
            log.log(entry());
            await().until(() -> disk.text().endsWith("}\n"));
        }
    }

    private static TunnelRecord.Entry entry() {
        var record = new TunnelRecord(Entrance.UNIFIED, new InetSocketAddress("127.0.0.1", 4711));
        return record.finish(Flag.MALFORMED, Instant.EPOCH).orElseThrow();
    }
}
