package io.moongate.dataplane.record;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.plan.Route;
import io.moongate.model.tunnel.Flag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one tunnel or refused request. Filled while the connection goes through its phases, on its event loop
 * alone, and recorded exactly once.
 */
public final class TunnelRecord implements TunnelObserver.Traffic {
    private static final int ACCEPTED = 200;
    /** One more than the access log shows, so that it shows that there was more. */
    private static final int LONGEST_VALUE = 257;

    private static final VarHandle BYTES_IN = handle("bytesIn");
    private static final VarHandle BYTES_OUT = handle("bytesOut");

    private final Entrance entrance;
    private final InetSocketAddress peer;
    private final long acceptedNanos = System.nanoTime();
    private InetSocketAddress client;
    private Optional<String> destination = Optional.empty();
    private Optional<String> header = Optional.empty();
    private Optional<String> protocol = Optional.empty();
    private Optional<Route> route = Optional.empty();
    private Optional<InetSocketAddress> upstream = Optional.empty();
    private Optional<TunnelObserver.Seen> seen = Optional.empty();
    private long establishedNanos;
    private long bytesIn;
    private long bytesOut;
    private boolean recorded;

    public TunnelRecord(Entrance entrance, InetSocketAddress peer) {
        this.entrance = entrance;
        this.peer = peer;
        this.client = peer;
    }

    /** One finished tunnel or refusal. {@code setupMillis} is empty where no 200 was sent. */
    public record Entry(
            Instant time,
            Optional<Route> route,
            Optional<String> destination,
            Entrance entrance,
            Optional<String> header,
            Optional<String> protocol,
            InetSocketAddress client,
            InetSocketAddress peer,
            Optional<InetSocketAddress> upstream,
            int status,
            Flag flag,
            long bytesIn,
            long bytesOut,
            Optional<Long> setupMicros,
            long durationMillis) {}

    public void client(InetSocketAddress address) {
        client = address;
    }

    /** A request on the same connection, which has come just now. */
    public TunnelRecord another() {
        var record = new TunnelRecord(entrance, peer);
        record.client = client;
        return record;
    }

    /** @param version as Envoy's logs name it: {@code HTTP/1.1} */
    public void protocol(String version) {
        protocol = Optional.of(version);
    }

    public void destination(Optional<String> value, Optional<Route> known) {
        // The log shows this much. The rest, up to a whole head, must not wait in memory for the log or the tunnel's
        // end.
        destination = value.map(v -> v.length() > LONGEST_VALUE ? v.substring(0, LONGEST_VALUE) : v);
        header = value.map(v -> entrance.header());
        route = known;
    }

    public void upstream(InetSocketAddress address) {
        upstream = Optional.of(address);
    }

    void established(TunnelObserver observer) {
        seen = route.map(known -> observer.established(known.shoot(), entrance, client.getAddress(), this));
        establishedNanos = System.nanoTime();
    }

    /** The 200 was not sent after all. */
    public void notAnswered() {
        establishedNanos = 0;
    }

    Optional<TunnelObserver.Seen> seen() {
        return seen;
    }

    long setupMicros() {
        return (establishedNanos - acceptedNanos) / 1000;
    }

    /** Written by one thread and read by others: opaque costs nothing here, and no half of a number is ever seen. */
    public void addIn(long bytes) {
        BYTES_IN.setOpaque(this, bytesIn + bytes);
    }

    public void addOut(long bytes) {
        BYTES_OUT.setOpaque(this, bytesOut + bytes);
    }

    @Override
    public long bytesIn() {
        return (long) BYTES_IN.getOpaque(this);
    }

    @Override
    public long bytesOut() {
        return (long) BYTES_OUT.getOpaque(this);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(TunnelRecord.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public Entrance entrance() {
        return entrance;
    }

    public InetSocketAddress client() {
        return client;
    }

    public InetSocketAddress peer() {
        return peer;
    }

    /** The entry, the first time; nothing ever after. */
    public Optional<Entry> finish(Flag flag, Instant now) {
        if (recorded) {
            return Optional.empty();
        }
        recorded = true;
        boolean up = establishedNanos != 0;
        // A client that left before its 200 was neither refused nor served: no status was ever sent.
        int status = up ? ACCEPTED : flag.refused() ? flag.status() : 0;
        return Optional.of(new Entry(
                now,
                route,
                destination,
                entrance,
                header,
                protocol,
                client,
                peer,
                upstream,
                status,
                flag,
                bytesIn,
                bytesOut,
                up ? Optional.of(setupMicros()) : Optional.empty(),
                (System.nanoTime() - acceptedNanos) / 1_000_000));
    }
}
