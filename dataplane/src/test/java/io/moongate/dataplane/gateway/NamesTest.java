package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.TinyDns;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Upstreams;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Destinations without EndpointSlices: by DNS name, both families, cached for as long as the answer says. */
class NamesTest {
    private static final String A = "shoot--test--a";
    private static final String NAME = "kube-apiserver.shoot--test--a.svc.cluster.local";

    @Test
    void aNameIsLookedUpOnceWhileItsAnswerLasts() throws Exception {
        try (var upstream = Upstream.echo();
                var dns = new TinyDns(60, Map.of(NAME + ".", List.of("127.0.0.1")));
                var gateway = gateway(dns, upstream)) {
            for (int i = 0; i < 5; i++) {
                Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                        .close();
            }
            assertThat(dns.queries()).as("one for A, one for AAAA").isLessThanOrEqualTo(2);
        }
    }

    @Test
    void anAnswerWithoutLifeIsNotKept() throws Exception {
        try (var upstream = Upstream.echo();
                var dns = new TinyDns(0, Map.of(NAME + ".", List.of("127.0.0.1")));
                var gateway = gateway(dns, upstream)) {
            Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                    .close();
            int first = dns.queries();
            Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                    .close();
            assertThat(dns.queries()).isGreaterThan(first);
        }
    }

    @Test
    void allAddressesOfBothFamiliesAreTried() throws Exception {
        // Nobody listens on ::1 or 127.0.0.2 at this port; the one that answers is found.
        try (var upstream = Upstream.echo();
                var dns = new TinyDns(60, Map.of(NAME + ".", List.of("::1", "127.0.0.2", "127.0.0.1")));
                var gateway = gateway(dns, upstream)) {
            for (int i = 0; i < 5; i++) {
                Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                        .close();
            }
        }
    }

    @Test
    void aNameThatDoesNotExistIsNoEndpoint() throws Exception {
        try (var upstream = Upstream.echo();
                var dns = new TinyDns(60, Map.of());
                var gateway = gateway(dns, upstream);
                var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, Plans.apiServer(A)));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
            assertThat(gateway.line(1).get("flag")).isEqualTo("NoEndpoint");
        }
    }

    private static TestGateway gateway(TinyDns dns, Upstream upstream) throws IOException {
        GatewayPlan plan = new Plans()
                .route(A, new Upstreams.DnsName(new HostPort(NAME, upstream.port())))
                .build();
        return new TestGateway(plan, Optional.of(new SingletonDnsServerAddressStreamProvider(dns.address())));
    }
}
