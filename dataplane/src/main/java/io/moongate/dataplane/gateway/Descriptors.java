package io.moongate.dataplane.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.problem.Problem;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * What the open-file limit can carry: event loops and tunnels; of the latter no more than the heap does.
 *
 * @param openFiles the limit
 * @param loops event loops, at least one
 * @param heap in bytes
 */
record Descriptors(long openFiles, int loops, long heap) {
    /** With fewer, the JVM cannot open the jars and libraries that it needs to serve; the launcher knows it, too. */
    static final int FEWEST = 150;

    /** Event loops take at most one part in this many of the limit: many cores must not leave nothing for tunnels. */
    static final int LOOPS_PART = 8;

    /**
     * A tunnel takes up to 22 KiB of the heap: one stream on an HTTP/2 connection of its own, whose table of headers is
     * full. Two connections without a tunnel stand in its place, up to 7 KiB each. The rest is for the input.
     */
    static final int TUNNEL_HEAP = 32 * 1024;

    private static final long MIB = 1024 * 1024;

    /** For the JVM, the admin endpoint, the landscape's files and connections that have no tunnel yet. */
    private static final long KEPT_BACK = 500;

    /** Of these, so many are for event loops; what more loops take comes on top. */
    private static final long KEPT_FOR_LOOPS = 200;

    /** An epoll set, and its two ways to be woken up. */
    private static final int PER_LOOP = 3;

    private static final int LOOPS_PER_CORE = 2;

    static Descriptors of(long openFiles, int cores, long heap) {
        long most = openFiles / LOOPS_PART / PER_LOOP;
        return new Descriptors(openFiles, (int) Math.clamp(most, 1, (long) LOOPS_PER_CORE * cores), heap);
    }

    static Descriptors ofThisProcess() {
        return of(
                limit(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory());
    }

    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 1024;
    }

    /** Why nothing can be served with them; empty where something can. */
    Optional<String> tooFew() {
        return openFiles >= FEWEST
                ? Optional.empty()
                : Optional.of("this process may open " + openFiles + " files, and needs " + FEWEST + " to serve");
    }

    private long keptBack() {
        return KEPT_BACK + Math.max(0, (long) PER_LOOP * loops - KEPT_FOR_LOOPS);
    }

    private long byFiles() {
        return (openFiles - keptBack()) / 2;
    }

    private long byHeap() {
        return heap / TUNNEL_HEAP;
    }

    /** At least a few, so that a gateway with a tiny limit still shows that it works. */
    private int carried() {
        return Math.clamp(Math.min(byFiles(), byHeap()), 10, 10_000_000);
    }

    int tunnels(TunnelLimit wanted) {
        int carried = carried();
        return wanted instanceof TunnelLimit.Fixed fixed && fixed.tunnels() > 0
                ? Math.min(fixed.tunnels(), carried)
                : carried;
    }

    Optional<Problem> warning(TunnelLimit wanted) {
        int carried = carried();
        if (wanted instanceof TunnelLimit.Fixed fixed && fixed.tunnels() > carried) {
            boolean heapIsShort = byHeap() < byFiles();
            return Optional.of(Problem.general(
                    Problem.Code.LIMIT_LOWERED,
                    "gateway.limits.maxTunnels is " + fixed.tunnels() + ", but "
                            + (heapIsShort
                                    ? "the heap of " + heap / MIB + " MiB"
                                    : "the open-file limit of " + openFiles)
                            + " carries " + carried + "; " + carried + " is in force",
                    heapIsShort
                            ? "give the process a heap (-Xmx, or the container's memory) of at least "
                                    + fixed.tunnels() * (long) TUNNEL_HEAP / MIB + " MiB, or lower maxTunnels"
                            : "raise the open-file limit (ulimit -n, LimitNOFILE) to at least "
                                    + (2L * fixed.tunnels() + keptBack()) + ", or lower maxTunnels"));
        }
        return Optional.empty();
    }
}
