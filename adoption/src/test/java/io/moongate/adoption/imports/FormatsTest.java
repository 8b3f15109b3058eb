package io.moongate.adoption.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.adoption.imports.LogLine.Leads;
import io.moongate.adoption.imports.LogLine.Tunnel;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    private static final Ports PORTS = new Ports(Map.of(), Optional.empty());
    private static final Port LEGACY = new Port.Of(Entrance.LEGACY);
    private static final Port UNIFIED = new Port.Of(Entrance.UNIFIED);
    private static final Leads TO_VPN = new Leads.To(new Destination(Server.VPN, "shoot--foo--one"));
    private static final Leads TO_API = new Leads.To(new Destination(Server.KUBE_APISERVER, "shoot--foo--one"));

    private final Formats usual = Formats.usual(PORTS);

    @Test
    void istiosTextHasPortClusterTimesAndBytes() {
        Tunnel tunnel = tunnel(usual, SampleLines.istio(8132, SampleLines.VPN));
        assertThat(tunnel.port()).isEqualTo(LEGACY);
        assertThat(tunnel.leads()).isEqualTo(TO_VPN);
        assertThat(tunnel.start()).isEqualTo(Instant.parse(SampleLines.START));
        assertThat(tunnel.end()).isEqualTo(Instant.parse("2026-08-03T10:01:00.250Z"));
        assertThat(tunnel.client()).contains(InetAddress.ofLiteral("203.0.113.9"));
        assertThat(tunnel.traffic().bytesIn()).isEqualTo(1200);
        assertThat(tunnel.traffic().bytesOut()).isEqualTo(3400);
        assertThat(tunnel(usual, SampleLines.istio(8443, SampleLines.API)).port())
                .isEqualTo(UNIFIED);
    }

    @Test
    void envoysDefaultTextSaysNeitherPortNorDestination() {
        Tunnel tunnel = tunnel(usual, SampleLines.envoy());
        assertThat(tunnel.port()).isEqualTo(new Port.Unknown(""));
        assertThat(tunnel.leads()).isEqualTo(new Leads.Unknown());
        assertThat(tunnel(Formats.usual(new Ports(Map.of(), Optional.of(Entrance.LEGACY))), SampleLines.envoy())
                        .port())
                .isEqualTo(LEGACY);
    }

    @Test
    void jsonOfIstioEnvoyAndMoongate() {
        Tunnel istio = tunnel(usual, SampleLines.istioJson(8132, SampleLines.VPN));
        assertThat(istio).isEqualTo(tunnel(usual, SampleLines.istio(8132, SampleLines.VPN)));
        Tunnel envoy = tunnel(usual, """
                {"startTime":"2026-08-03T10:00:00.250Z","responseCode":"200","duration":"60000","method":"CONNECT",\
                "X-Gardener-Destination":"%s",\
                "downstream_local_address":"[2001:db8::1]:8443"}""".formatted(SampleLines.API));
        assertThat(envoy.port()).isEqualTo(UNIFIED);
        assertThat(envoy.leads()).isEqualTo(TO_API);
        Tunnel own = tunnel(usual, SampleLines.moongate("legacy", SampleLines.API));
        assertThat(own.port()).isEqualTo(LEGACY);
        assertThat(own.leads()).isEqualTo(TO_API);
        assertThat(own.start()).as("its time is that of the end").isEqualTo(Instant.parse(SampleLines.START));
        assertThat(own.traffic().bytesOut()).isEqualTo(3400);
    }

    @Test
    void aFormatOfTheOperator() {
        String format = "%START_TIME(%Y/%m/%d %H:%M:%S)% %REQ(x-gardener-destination)% \\\"%REQ(USER-AGENT)%\\\" "
                + "%RESPONSE_CODE% %DURATION% %DOWNSTREAM_LOCAL_ADDRESS%\\n";
        Tunnel tunnel = tunnel(
                Formats.of(format, PORTS),
                "2026/08/03 10:00:00 " + SampleLines.API + " \"a \"quoted\" agent\" 200 1000 10.0.0.1:8443");
        assertThat(tunnel.start()).isEqualTo(Instant.parse("2026-08-03T10:00:00Z"));
        assertThat(tunnel.port()).isEqualTo(UNIFIED);
        assertThat(tunnel.leads()).isEqualTo(TO_API);
        Formats json = Formats.of(
                "{\"t\": \"%START_TIME(%s.%3f)%\", \"r\": {\"what\": \"%REQ(:METHOD)% %RESPONSE_CODE%\"}, "
                        + "\"ms\": \"%DURATION%\", \"to\": \"%UPSTREAM_CLUSTER%\", \"by\": \"%FILTER_CHAIN_NAME%\"}",
                PORTS);
        Tunnel fromJson = tunnel(json, """
                {"t":"1785751200.250","r":{"what":"CONNECT 200"},"ms":60000,"by":"0.0.0.0_8132",\
                "to":"%s"}""".formatted(SampleLines.VPN));
        assertThat(fromJson.start()).isEqualTo(Instant.parse(SampleLines.START));
        assertThat(fromJson.port()).isEqualTo(LEGACY);
        assertThat(fromJson.leads()).isEqualTo(TO_VPN);
    }

    /** Of YAML's or JSON's text between quotes, as operators copy it. */
    @Test
    void aTabIsWrittenAsInYaml() {
        Tunnel tunnel = tunnel(
                Formats.of(
                        "%START_TIME%\\t%RESPONSE_CODE%\\t%DURATION%\\t%UPSTREAM_CLUSTER%\\t%DOWNSTREAM_LOCAL_PORT%",
                        PORTS),
                SampleLines.START + "\t200\t1000\t" + SampleLines.API + "\t8132");
        assertThat(tunnel.leads()).isEqualTo(TO_API);
        assertThat(tunnel.port()).isEqualTo(LEGACY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            %a, %d %b %Y %H:%M:%S GMT ; Mon, 03 Aug 2026 10:00:00 GMT
            %A %e %B %Y %T %Z         ; Monday  3 August 2026 10:00:00 UTC
            %m/%d/%y %R:%S            ; 08/03/26 10:00:00
            %D %T                     ; 08/03/26 10:00:00
            """)
    void timesAsStrftimeWritesThem(String specifiers, String text) {
        assertThat(TimeFormat.of(specifiers).parse(text)).contains(Instant.parse("2026-08-03T10:00:00Z"));
    }

    /** Bars are within the names of clusters, too. */
    @Test
    void barsCanSeparateValues() {
        String left = "%START_TIME%|%UPSTREAM_CLUSTER%|%REQ(REVERSED-VPN)%|%RESPONSE_CODE%|%DURATION%|"
                + "%DOWNSTREAM_LOCAL_ADDRESS%";
        String line = SampleLines.START + "|" + SampleLines.VPN + "|%s|200|1000|10.0.0.1:8132";
        String right = "\"%REQ(USER-AGENT)%\"|" + left;
        for (String header : new String[] {"-", SampleLines.VPN, "shoot--foo--one--kube-apiserver-socket"}) {
            String own = line.formatted(header);
            assertThat(tunnel(Formats.of(left, PORTS), own).leads()).as(own).isNotEqualTo(new Leads.Unknown());
            assertThat(tunnel(Formats.of(right, PORTS), "\"a|b\"|" + own))
                    .as(own)
                    .extracting(Tunnel::port, Tunnel::leads)
                    .containsExactly(
                            LEGACY, tunnel(Formats.of(left, PORTS), own).leads());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', textBlock = """
            json                                       ; has no command operator
            %START_TIME% %RESPONSE_CODE%               ; has no %DURATION%
            %START_TIME% %DURATION% %RESPONSE_CODE%    ; has no %REQ(X-GARDENER-DESTINATION)%
            %START_TIME%%DURATION%                     ; nothing separates '%DURATION%'
            %START_TIME(%Q)% %DURATION%                ; '%Q' in START_TIME is not known
            %start% %DURATION%                         ; is not a command operator
            {"a": "b"}                                 ; none of its values has a command operator
            """)
    void aFormatThatCannotBeUsedSaysWhy(String format, String why) {
        assertThatThrownBy(() -> Formats.of(format, PORTS)).hasMessageContaining(why);
    }

    @Test
    void onlyAConnectThatWasAnswered200IsATunnel() {
        String line = SampleLines.istio(8132, SampleLines.VPN);
        for (String refused : new String[] {
            line.replace("\" 200 -", "\" 301 -"),
            line.replace("\" 200 -", "\" 0 DC"),
            line.replace("CONNECT -", "GET /a")
        }) {
            assertThat(usual.read(refused)).isInstanceOf(LogLine.Request.class);
        }
        assertThat(usual.read(SampleLines.istioJson(8132, SampleLines.VPN).replace(":200,", ":503,")))
                .isInstanceOf(LogLine.Request.class);
        assertThat(usual.read(
                        SampleLines.moongate("legacy", SampleLines.VPN).replace("\"status\":200", "\"status\":0")))
                .isInstanceOf(LogLine.Request.class);
    }

    /** What a client sends can neither hide its tunnel nor move it to another port. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\" \"y",
                "x\" 301 - - \"-\" 0 0 0",
                "\" \"\" \"a\" \"b\" outbound|443||kube-apiserver.shoot--foo--two.svc.cluster.local 1.2.3.4:1 1.2.3.4:1",
                "\"",
                "%",
                "\\\""
            })
    void quotesInAUserAgentChangeNothing(String agent) {
        String line =
                SampleLines.istio(8132, SampleLines.VPN).replace("\"203.0.113.9\" \"-\"", "\"-\" \"" + agent + "\"");
        assertThat(tunnel(usual, line))
                .as("its id, too")
                .isEqualTo(tunnel(usual, SampleLines.istio(8132, SampleLines.VPN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-08-03T10:01:00.251234567Z stdout F ",
                "[pod/istio-ingressgateway-5d/istio-proxy] ",
                "[pod/istio-ingressgateway-5d/istio-proxy] 2026-08-03T10:01:00.251234567Z ",
                "2026-08-03T12:01:00.251234567+02:00 "
            })
    void whatKubectlAndRuntimesPutBeforeALineIsNoPartOfIt(String prefix) {
        for (String line :
                new String[] {SampleLines.istio(8132, SampleLines.VPN), SampleLines.istioJson(8132, SampleLines.VPN)}) {
            assertThat(usual.read(prefix + line)).isEqualTo(usual.read(line));
        }
    }

    @Test
    void collectorsPutALineIntoAnObject() {
        String line = SampleLines.istio(8132, SampleLines.VPN);
        String quoted = line.replace("\"", "\\\"");
        assertThat(usual.read(
                        "{\"log\":\"" + quoted + "\\n\",\"stream\":\"stdout\",\"time\":\"2026-08-03T10:01:01Z\"}"))
                .isEqualTo(usual.read(line));
        assertThat(usual.read("{\"level\":\"info\",\"time\":\"2026-08-03T10:01:01Z\",\"message\":\"" + quoted + "\"}"))
                .as("one with a level, too")
                .isEqualTo(usual.read(line));
    }

    @Test
    void linesOfTheProcessAreNoAccessLog() {
        for (String line : new String[] {
            "[2026-08-03 10:00:00.123][15][warning][config] [source/common/x.cc:1] gRPC config stream closed: 13,",
            "2026-08-03T10:00:00.123456Z\tinfo\txdsproxy\tconnected to upstream XDS server",
            "{\"level\":\"info\",\"time\":\"2026-08-03T10:00:00.123456Z\",\"scope\":\"xdsproxy\",\"msg\":\"connected\"}"
        }) {
            assertThat(usual.read(line)).as(line).isInstanceOf(LogLine.OfProcess.class);
        }
        assertThat(usual.read(" ")).isInstanceOf(LogLine.Blank.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "onnect - HTTP/1.1\" 200 - via_upstream",
                "[2026-08-03T10:00:00.250Z] \"CONNECT - HTTP/1.1\" 200 - via_upstream - \"-\" 1200",
                "{\"start_time\":\"2026-08-03T10:00:00.250Z\",\"response_code\":200,",
                "{\"start_time\":\"2026-08-03T10:00:00.250Z\",\"response_code\":200,\"method\":\"CONNECT\"}",
                "{\"start_time\":\"0001-08-03T10:00:00.250Z\",\"response_code\":200,\"method\":\"CONNECT\"}",
                "[1]",
                "{}"
            })
    void aLineThatIsNotWholeIsNotTakenForARequest(String line) {
        assertThat(usual.read(line)).isInstanceOf(LogLine.Unreadable.class);
    }

    /** Envoy does not quote it: what stands before it is shifted. */
    @ParameterizedTest
    @ValueSource(strings = {"a route", "a longer route", "an even longer route", "a name of a route that is long"})
    void aRouteWithSpacesMovesNoTunnel(String route) {
        String line = SampleLines.istio(8132, SampleLines.VPN);
        assertThat(usual.read(line.substring(0, line.length() - 1) + route)).isInstanceOf(LogLine.Unreadable.class);
    }

    private static Tunnel tunnel(Formats formats, String line) {
        LogLine read = formats.read(line);
        assertThat(read).as(line).isInstanceOf(Tunnel.class);
        return (Tunnel) read;
    }
}
