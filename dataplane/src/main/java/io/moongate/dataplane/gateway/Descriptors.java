package io.moongate.dataplane.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.problem.Problem;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** How many tunnels the open-file limit can carry. */
final class Descriptors {
    /** For the JVM, the admin endpoint, the landscape's files and connections that have no tunnel yet. */
    private static final long KEPT_BACK = 500;

    private Descriptors() {}

    static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 1024;
    }

    /** {@code (open files - 500) / 2}; at least a few, so that a gateway with a tiny limit still shows that it works. */
    static int carried(long openFiles) {
        return Math.clamp((openFiles - KEPT_BACK) / 2, 10, 10_000_000);
    }

    static int tunnels(TunnelLimit wanted, long openFiles) {
        int carried = carried(openFiles);
        return wanted instanceof TunnelLimit.Fixed fixed && fixed.tunnels() > 0
                ? Math.min(fixed.tunnels(), carried)
                : carried;
    }

    static Optional<Problem> warning(TunnelLimit wanted, long openFiles) {
        int carried = carried(openFiles);
        if (wanted instanceof TunnelLimit.Fixed fixed && fixed.tunnels() > carried) {
            return Optional.of(Problem.general(
                    Problem.Code.LIMIT_LOWERED,
                    "gateway.limits.maxTunnels is " + fixed.tunnels() + ", but the open-file limit of " + openFiles
                            + " carries " + carried + "; " + carried + " is in force",
                    "raise the open-file limit (ulimit -n, LimitNOFILE) to at least "
                            + (2L * fixed.tunnels() + KEPT_BACK) + ", or lower maxTunnels"));
        }
        return Optional.empty();
    }
}
