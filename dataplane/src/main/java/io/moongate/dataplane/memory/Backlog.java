package io.moongate.dataplane.memory;

import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Source;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in memory for peers that do not read, of all tunnels together. One tunnel holds little, but thousands whose
 * destination does not read would take the memory that all others need. So the sum has a limit. Where it is reached, the
 * tunnels of those sources and shoots that hold the most end, until an eighth of the limit is free again.
 */
public final class Backlog {
    /** A buffer that waits costs this beside its bytes: the objects that lead to it. */
    public static final int PER_BUFFER = 256;

    /** So much of the limit is made free at once: to choose costs a look at all that wait. */
    private static final int FREED_PART = 8;

    /** A part of a buffer keeps all of it; smaller parts are copied where they would wait. */
    private static final int MOST_KEPT = 4;

    private final long limit;
    private final AtomicLong bytes = new AtomicLong();
    private final Set<Account> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean choosing = new AtomicBoolean();

    /** @param limit in bytes */
    public Backlog(long limit) {
        this.limit = limit;
    }

    /** What this buffer costs while it waits. */
    public static long weight(ByteBuf buffer) {
        if (buffer.unwrap() == null) {
            return (long) PER_BUFFER + buffer.capacity();
        }
        return PER_BUFFER + Math.min(whole(buffer).capacity(), (long) MOST_KEPT * buffer.readableBytes());
    }

    private static ByteBuf whole(ByteBuf part) {
        ByteBuf whole = part;
        while (whole.unwrap() != null) {
            whole = whole.unwrap();
        }
        return whole;
    }

    /** Whether a part keeps so much of the buffer around it that a copy is better while it waits. */
    public static boolean isSmallPart(ByteBuf part) {
        return part.isReadable() && part.readableBytes() < whole(part).capacity() / MOST_KEPT;
    }

    /** Bytes that wait, without those of tunnels that have been told to end. */
    public long bytes() {
        return bytes.get();
    }

    /**
     * An account of what waits for one tunnel, or for one connection of several.
     *
     * @param loop runs {@code end}
     * @param end gives back all that waits; called once at most
     */
    public Account open(EventExecutor loop, InetAddress client, Optional<ShootKey> shoot, Runnable end) {
        return new Account(loop, Source.of(client), shoot, end);
    }

    /** What waits for one. Changed on its event loop. */
    public final class Account {
        private final EventExecutor loop;
        private final InetAddress source;
        private final Optional<ShootKey> shoot;
        private final Runnable end;
        // Guarded by this: whoever makes room takes it out of the sum.
        private long held;
        private boolean ending;

        private Account(EventExecutor loop, InetAddress source, Optional<ShootKey> shoot, Runnable end) {
            this.loop = loop;
            this.source = source;
            this.shoot = shoot;
            this.end = end;
        }

        /** So much more waits, or less. */
        public void add(long more) {
            if (more == 0 || !count(more)) {
                return;
            }
            if (more > 0 && bytes.get() > limit) {
                makeRoom();
            }
        }

        private synchronized boolean count(long more) {
            boolean waited = held > 0;
            held += more;
            if (ending) {
                return false;
            }
            bytes.addAndGet(more);
            if (held > 0 && !waited) {
                waiting.add(this);
            } else if (held <= 0 && waited) {
                waiting.remove(this);
            }
            return true;
        }

        private synchronized long held() {
            return held;
        }

        /** What it held; its tunnel ends as soon as its event loop comes to it. */
        private synchronized long leave() {
            if (ending) {
                return 0;
            }
            ending = true;
            waiting.remove(this);
            bytes.addAndGet(-held);
            loop.execute(end);
            return held;
        }
    }

    private void makeRoom() {
        if (!choosing.compareAndSet(false, true)) {
            return;
        }
        try {
            long tooMuch = bytes.get() - (limit - limit / FREED_PART);
            for (Account account : mostFirst()) {
                if (tooMuch <= 0) {
                    return;
                }
                tooMuch -= account.leave();
            }
        } finally {
            choosing.set(false);
        }
    }

    private record Ranked(Account account, long held, long together) {}

    /**
     * By what its source and its shoot hold together: a client with many shoots is found by its address, a shoot whose
     * destination hangs by its name, also where all clients come from one address.
     */
    private List<Account> mostFirst() {
        var sources = new HashMap<InetAddress, Long>();
        var shoots = new HashMap<ShootKey, Long>();
        Map<Account, Long> held = new HashMap<>();
        for (Account account : waiting) {
            long own = account.held();
            held.put(account, own);
            sources.merge(account.source, own, Long::sum);
            account.shoot.ifPresent(shoot -> shoots.merge(shoot, own, Long::sum));
        }
        var ranked = new ArrayList<Ranked>(held.size());
        held.forEach((account, own) -> ranked.add(new Ranked(
                account,
                own,
                sources.getOrDefault(account.source, 0L)
                        + account.shoot.map(s -> shoots.getOrDefault(s, 0L)).orElse(0L))));
        ranked.sort(Comparator.comparingLong(Ranked::together)
                .thenComparingLong(Ranked::held)
                .reversed());
        return ranked.stream().map(Ranked::account).toList();
    }
}
