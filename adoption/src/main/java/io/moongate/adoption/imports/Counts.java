package io.moongate.adoption.imports;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many lines there were of each kind. Written by one thread. */
public final class Counts {
    long tunnels;
    long requests;
    long elsewhere;
    long ofStrangers;
    long withoutPort;
    long withoutDestination;
    long unifiedWithoutDestination;
    long uncounted;
    private @Nullable Instant first;
    private @Nullable Instant firstWritten;
    private @Nullable Instant last;

    /** @param written about when the line was written: at the end of what it is about */
    void saw(Instant start, Instant written) {
        first = earlier(first, start);
        firstWritten = earlier(firstWritten, written);
        if (last == null || written.isAfter(last)) {
            last = written;
        }
    }

    private static Instant earlier(@Nullable Instant known, Instant time) {
        return known == null || time.isBefore(known) ? time : known;
    }

    /** Lines about tunnels of shoots through one of the two ports. */
    public long tunnels() {
        return tunnels;
    }

    /** Other methods, and what was refused. */
    public long requests() {
        return requests;
    }

    /** Tunnels to something that is no server of a control plane, or through another port. */
    public long elsewhere() {
        return elsewhere;
    }

    /** Tunnels to control planes of which the landscape has no shoot. */
    public long ofStrangers() {
        return ofStrangers;
    }

    /** Tunnels whose line does not say by which of the two ports they came. */
    public long withoutPort() {
        return withoutPort;
    }

    /** Tunnels of any shoot, through the legacy port or one that is not known. */
    public long withoutDestination() {
        return withoutDestination;
    }

    /** Tunnels of any shoot through the unified port: they prove nothing. */
    public long unifiedWithoutDestination() {
        return unifiedWithoutDestination;
    }

    /** Lines about tunnels beyond the number that can be counted: their times count, their bytes do not. */
    public long uncounted() {
        return uncounted;
    }

    public Optional<Instant> first() {
        return Optional.ofNullable(first);
    }

    public Optional<Instant> firstWritten() {
        return Optional.ofNullable(firstWritten);
    }

    public Optional<Instant> last() {
        return Optional.ofNullable(last);
    }
}
