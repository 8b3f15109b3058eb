package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.net.HostPort;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which endpoint is tried first. */
class EndpointOrderTest {
    /** Other event loops open and close tunnels meanwhile: a sort that sees that throws, and the client gets a 503. */
    @Test
    void numbersThatChangeWhileItSorts() {
        List<HostPort> endpoints = IntStream.rangeClosed(1, 200)
                .mapToObj(port -> new HostPort("127.0.0.1", port))
                .toList();
        var order = new EndpointOrder(endpoint -> ThreadLocalRandom.current().nextInt(3));
        for (int i = 0; i < 200; i++) {
            assertThat(order.of(endpoints)).containsExactlyInAnyOrderElementsOf(endpoints);
        }
    }
}
