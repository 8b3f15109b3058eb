package io.moongate.dataplane.record;

import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import io.moongate.model.net.Addresses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON line per entry. Written by a thread of its own: a disk that hangs must never hold up an event loop. What the
 * disk cannot take is dropped and counted, because strangers can make this log grow as fast as they can connect.
 */
public final class AccessLog implements AutoCloseable {
    private static final int QUEUE = 16_384;
    private static final int LONGEST_VALUE = 256;
    private static final int BATCH_BYTES = 64 * 1024;
    /** A write that takes longer is a problem: the disk hangs, or nothing reads the pipe. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

    private final JsonFactory json = new JsonFactory();
    private final BlockingQueue<Queued> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder dropped = new LongAdder();
    private final OutputStream out;
    private final Supervisor.Loop loop;
    private final Thread writer;
    // The writer's own.
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private int lines;
    private boolean failed;
    private volatile Optional<String> failure = Optional.empty();

    private sealed interface Queued {
        record Line(TunnelRecord.Entry entry) implements Queued {}

        record Last() implements Queued {}
    }

    /** @param out not buffered; written to by one thread, whole lines at a time */
    public AccessLog(OutputStream out, Supervisor supervisor) {
        this.out = out;
        this.loop = supervisor.begin("access-log", LONGEST_WRITE, WhenStuck.PROBLEM);
        this.writer = Thread.ofPlatform().name("access-log").daemon().start(this::run);
    }

    public void log(TunnelRecord.Entry entry) {
        if (!queue.offer(new Queued.Line(entry))) {
            dropped.increment();
        }
    }

    public long dropped() {
        return dropped.sum();
    }

    /** Why the last batch was not written; empty while all is written. */
    public Optional<String> failure() {
        return failure;
    }

    /** Writes what is queued and ends. */
    @Override
    public void close() {
        try {
            queue.put(new Queued.Last());
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (turn(queue.poll(1, TimeUnit.SECONDS))) {
                loop.turned();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loop.ended();
        }
    }

    /**
     * False after the last entry. A line that cannot be written costs itself and what is in its batch.
     *
     * @param next null: there was none for a while
     */
    private boolean turn(@Nullable Queued next) {
        boolean last = next instanceof Queued.Last;
        try {
            if (next instanceof Queued.Line(TunnelRecord.Entry entry)) {
                lines++;
                batch.writeBytes(format(entry).getBytes(StandardCharsets.UTF_8));
            }
            if (lines > 0 && (last || queue.isEmpty() || batch.size() >= BATCH_BYTES)) {
                write();
            }
        } catch (RuntimeException | Error e) {
            loop.failed(e);
            dropped.add(lines);
            batch.reset();
            lines = 0;
            failed = true;
        }
        return !last;
    }

    /** A full disk may have room again, and a closed pipe costs little to try: what failed is counted, the next is tried. */
    private void write() {
        try {
            if (failed) {
                // The last line may have been cut.
                out.write('\n');
                failed = false;
            }
            out.write(batch.toByteArray());
            out.flush();
            failure = Optional.empty();
        } catch (IOException e) {
            failed = true;
            dropped.add(lines);
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        batch.reset();
        lines = 0;
    }

    private String format(TunnelRecord.Entry entry) {
        var line = new StringWriter(512);
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), line)) {
            out.writeStartObject();
            out.writeStringProperty("time", entry.time().toString());
            text(out, "shoot", entry.route().map(r -> r.shoot().toString()));
            text(out, "namespace", entry.route().map(r -> r.destination().namespace()));
            text(out, "destination", entry.destination());
            out.writeStringProperty("listener", entry.entrance().label());
            text(out, "header", entry.header());
            text(out, "protocol", entry.protocol());
            out.writeStringProperty("client", Addresses.text(entry.client()));
            out.writeStringProperty("peer", Addresses.text(entry.peer()));
            text(out, "upstream", entry.upstream().map(Addresses::text));
            out.writeNumberProperty("status", entry.status());
            out.writeStringProperty("flag", entry.flag().label());
            out.writeNumberProperty("bytes_in", entry.bytesIn());
            out.writeNumberProperty("bytes_out", entry.bytesOut());
            out.writeName("setup_ms");
            if (entry.setupMicros().isPresent()) {
                out.writeNumber(entry.setupMicros().get() / 1000.0);
            } else {
                out.writeNull();
            }
            out.writeNumberProperty("duration_ms", entry.durationMillis());
            out.writeEndObject();
        }
        return line.append('\n').toString();
    }

    private static void text(JsonGenerator out, String name, Optional<String> value) {
        out.writeName(name);
        if (value.isPresent()) {
            String text = value.get();
            out.writeString(text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text);
        } else {
            out.writeNull();
        }
    }
}
