package io.moongate.dataplane.transport;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {
    /** Where nobody takes it, Netty writes a stack trace for each try. */
    @Test
    void theyAreTaken() {
        var listening = new EmbeddedChannel(new AcceptFailures());
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThatCode(listening::checkException).doesNotThrowAnyException();
    }
}
