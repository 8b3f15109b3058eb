package io.moongate.dataplane.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.tunnel.Flag;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TunnelRecordTest {
    private final TunnelRecord record = new TunnelRecord(Entrance.UNIFIED, new InetSocketAddress("127.0.0.1", 4711));

    private TunnelRecord.Entry finish(Flag flag) {
        return record.finish(flag, Instant.EPOCH).orElseThrow();
    }

    /** Records wait for the access log by the thousand, and a header's value can be as long as a whole head. */
    @Test
    void aLongValueDoesNotWaitInMemory() {
        record.destination(Optional.of("x".repeat(16_000)), Optional.empty());
        assertThat(finish(Flag.UNKNOWN_DESTINATION).destination().orElseThrow()).hasSize(257);
    }

    @Test
    void aFailureAfterThe200HasTheStatusThatWasSent() {
        record.established(TunnelObserver.NONE);
        assertThat(finish(Flag.INTERNAL_ERROR).status()).isEqualTo(200);
        assertThat(record.finish(Flag.CLIENT_RESET, Instant.EPOCH)).isEmpty();
    }

    @Test
    void aFailureBeforeThe200HasThatOfItsAnswer() {
        record.established(TunnelObserver.NONE);
        record.notAnswered();
        var entry = finish(Flag.INTERNAL_ERROR);
        assertThat(entry.status()).isEqualTo(503);
        assertThat(entry.setupMicros()).isEmpty();
    }
}
