package io.moongate.adoption.imports;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lines as Envoys, Istio's gateways and Moongate write them, and the shoots that they are about. */
final class SampleLines {
    static final String START = "2026-08-03T10:00:00.250Z";
    static final String VPN = "outbound|1194||vpn-seed-server.shoot--foo--one.svc.cluster.local";
    static final String API = "outbound|443||kube-apiserver.shoot--foo--one.svc.cluster.local";

    private SampleLines() {}

    static String istio(int port, String cluster) {
        return istio(START, port, cluster, "4d0a3d6e-0001", 60_000);
    }

    static String istio(String start, int port, String cluster, String requestId, long millis) {
        return ("[%s] \"CONNECT - HTTP/1.1\" 200 - via_upstream - \"-\" 1200 3400 %d - \"203.0.113.9\" \"-\" \"%s\" "
                        + "\"api.one.foo.example.org:1194\" \"10.0.0.7:1194\" %s 10.0.0.1:40001 10.0.0.1:%d "
                        + "203.0.113.9:51234 - -")
                .formatted(start, millis, requestId, cluster, port);
    }

    static String envoy() {
        return "[" + START + "] \"CONNECT - HTTP/1.1\" 200 - 1200 3400 60000 - \"-\" \"-\" \"4d0a3d6e-0001\" "
                + "\"api.one.foo.example.org:443\" \"10.0.0.7:443\"";
    }

    static String istioJson(int port, String cluster) {
        return """
                {"authority":"api.one.foo.example.org:1194","bytes_received":1200,"bytes_sent":3400,\
                "connection_termination_details":null,"downstream_local_address":"10.0.0.1:%d",\
                "downstream_remote_address":"203.0.113.9:51234","duration":60000,"method":"CONNECT","path":null,\
                "protocol":"HTTP/1.0","request_id":"4d0a3d6e-0001","requested_server_name":null,"response_code":200,\
                "response_code_details":"via_upstream","response_flags":"-","route_name":null,"start_time":"%s",\
                "upstream_cluster":"%s","upstream_host":"10.0.0.7:1194","upstream_local_address":"10.0.0.1:40001",\
                "upstream_service_time":null,"upstream_transport_failure_reason":null,"user_agent":null,\
                "x_forwarded_for":"203.0.113.9"}""".formatted(port, START, cluster);
    }

    static String moongate(String listener, String destination) {
        return """
                {"time":"2026-08-03T10:01:00.250Z","shoot":"garden-foo/one","namespace":"shoot--foo--one",\
                "destination":"%s","listener":"%s","header":"X-Gardener-Destination","protocol":"HTTP/1.1",\
                "client":"203.0.113.9:51234","peer":"203.0.113.9:51234","upstream":"10.0.0.7:443","status":200,\
                "flag":"Completed","bytes_in":1200,"bytes_out":3400,"setup_ms":1.5,\
                "duration_ms":60000}""".formatted(destination, listener);
    }

    /** One that its status says has moved, long before the logs begin. */
    static Shoot shoot(String name, String technicalId, String seed) {
        return shoot(name, technicalId, seed, Lifecycle.ACTIVE);
    }

    static Shoot shoot(String name, String technicalId, String seed, Lifecycle lifecycle) {
        return new Shoot(
                new ShootKey("garden-foo", name),
                Optional.of(technicalId),
                new Shoot.Placement(Optional.of(seed), Optional.of(seed)),
                new Shoot.Traits(false, false, false, lifecycle, Standing.SETTLED),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Adoption.ABSENT,
                new Declarations(
                        Optional.empty(),
                        Optional.of(new Declaration(
                                Declaration.Entry.CONSTRAINT,
                                Condition.Status.True,
                                "Any",
                                "",
                                Optional.of(Instant.parse("2026-07-01T00:00:00Z")),
                                Author.GARDENLET))));
    }
}
