package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.config.TunnelLimit;
import io.moongate.model.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What open files and cores lead to. */
class DescriptorsTest {
    private static final long MUCH = Long.MAX_VALUE;
    private static final long MIB = 1024 * 1024;

    /** Loops: two for each core, but no more than an eighth of the files carries with three for each. */
    @ParameterizedTest
    @CsvSource({
        "1048576, 2, 4, 524038",
        "1048576, 33, 66, 524038",
        "1048576, 34, 68, 524036",
        "1048576, 192, 384, 523562",
        "20000, 2, 4, 9750",
        "20000, 192, 384, 9274",
        "9216, 192, 384, 3882",
        "9215, 192, 383, 3883",
        "1024, 192, 42, 262",
        "1024, 2, 4, 262",
        "300, 192, 12, 10",
        "200, 192, 8, 10",
        "64, 192, 2, 10",
        "20, 192, 1, 10",
        "0, 1, 1, 10",
        "9223372036854775807, 192, 384, 10000000",
    })
    void loopsAndTunnels(long openFiles, int cores, int loops, int tunnels) {
        var descriptors = Descriptors.of(openFiles, cores, MUCH);
        assertThat(descriptors.loops()).isEqualTo(loops);
        assertThat(descriptors.tunnels(new TunnelLimit.Auto())).isEqualTo(tunnels);
    }

    @Test
    void fewerThanTheJvmNeedsAreRefused() {
        assertThat(Descriptors.of(150, 2, MUCH).tooFew()).isEmpty();
        assertThat(Descriptors.of(149, 2, MUCH).tooFew())
                .contains("this process may open 149 files, and needs 150 to serve");
    }

    @Test
    void aLimitThatTheOpenFilesCannotCarryIsLoweredWithAWarning() {
        var descriptors = Descriptors.of(20_000, 2, MUCH);
        assertThat(descriptors.tunnels(new TunnelLimit.Fixed(100))).isEqualTo(100);
        assertThat(descriptors.tunnels(new TunnelLimit.Fixed(0))).isEqualTo(9750);
        assertThat(descriptors.tunnels(new TunnelLimit.Fixed(50_000))).isEqualTo(9750);
        assertThat(descriptors
                        .warning(new TunnelLimit.Fixed(50_000))
                        .orElseThrow()
                        .code())
                .isEqualTo(Problem.Code.LIMIT_LOWERED);
        assertThat(descriptors.warning(new TunnelLimit.Fixed(9750))).isEmpty();
    }

    /** In a container the limit of open files is often a million, and strangers can open as many connections. */
    @Test
    void noMoreThanTheHeapCarries() {
        assertThat(Descriptors.of(1_048_576, 2, 192 * MIB).tunnels(new TunnelLimit.Auto()))
                .isEqualTo(6144);
        assertThat(Descriptors.of(1_048_576, 2, 1).tunnels(new TunnelLimit.Auto()))
                .isEqualTo(10);
        assertThat(Descriptors.of(1_048_576, 2, 192 * MIB)
                        .warning(new TunnelLimit.Fixed(10_000))
                        .orElseThrow()
                        .toString())
                .contains("the heap of 192 MiB carries 6144", "at least 312 MiB");
    }
}
