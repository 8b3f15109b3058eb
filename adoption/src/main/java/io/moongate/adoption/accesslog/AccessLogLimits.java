package io.moongate.adoption.accesslog;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What all clients of the access log service may hold together, and when one was last refused: records were lost then,
 * so that this time is not observed. Safe for use by all threads.
 */
final class AccessLogLimits {
    /** Two logs of each thread of each Envoy: far more than a seed has. */
    static final int MOST_STREAMS = 20_000;
    /** An Envoy connects each of its threads, with two streams. */
    static final int STREAMS_PER_CONNECTION = 16;
    /** Our gateways send half of it at most, an Envoy about 16 KiB. */
    static final int LARGEST_MESSAGE = 1 << 20;

    /** Of all messages that are not complete yet. */
    static final int MOST_UNFINISHED = 64 << 20;

    static final int LONGEST_NODE = 1024;
    static final int MOST_NODES = 2_000;
    /** From the connection to the end of the TLS handshake and HTTP/2's preface. */
    static final int HANDSHAKE_SECONDS = 10;
    /** From the start of a stream to its first message. */
    static final int IDENTIFY_SECONDS = 30;
    /** A client that was refused tries again within this time: until then it is not heard. */
    static final int NOT_OBSERVED_SECONDS = 60;

    private static final int STREAM_SHARE = 4;

    private final LongSupplier nanos;
    private final int recordsPerSecond;
    private final RecordBudget all;
    private final AtomicInteger streams = new AtomicInteger();
    private volatile Optional<Refusal> last = Optional.empty();

    private record Refusal(String limit, long at) {}

    AccessLogLimits(int recordsPerSecond, LongSupplier nanos) {
        this.nanos = nanos;
        this.recordsPerSecond = recordsPerSecond;
        this.all = new RecordBudget(recordsPerSecond, nanos);
    }

    boolean enterStream() {
        if (streams.incrementAndGet() > MOST_STREAMS) {
            streams.decrementAndGet();
            refused("streams");
            return false;
        }
        return true;
    }

    void leaveStream() {
        streams.decrementAndGet();
    }

    int streams() {
        return streams.get();
    }

    RecordBudget all() {
        return all;
    }

    RecordBudget ofOneStream() {
        return new RecordBudget(Math.max(1, recordsPerSecond / STREAM_SHARE), nanos);
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** @param limit which one, as the documentation calls it */
    void refused(String limit) {
        last = Optional.of(new Refusal(limit, nanos.getAsLong()));
    }

    /** The limit at which one was refused a short time ago. */
    Optional<String> refusing() {
        long now = nanos.getAsLong();
        return last.filter(refusal -> now - refusal.at() < TimeUnit.SECONDS.toNanos(NOT_OBSERVED_SECONDS))
                .map(Refusal::limit);
    }
}
