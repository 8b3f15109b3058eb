package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is declared and what real tunnels do, side by side; what was seen survives SIGKILL. */
class EvidenceTest {
    @TempDir
    Path folder;

    private GatewayProcess gateway;

    @Test
    void theLiarIsFoundAndNothingIsForgotten() throws Exception {
        try (var upstream = Upstream.echo();
                var own = new GatewayProcess(folder, 0)) {
            gateway = own;
            gateway.configure("");
            shoot("moved", true, upstream);
            shoot("liar", true, upstream);
            shoot("old", false, upstream);
            gateway.start();
            var tunnels = List.of(
                    tunnel("moved", Entrance.UNIFIED), tunnel("liar", Entrance.LEGACY), tunnel("old", Entrance.LEGACY));
            Lab.Ended first = adoption("-o", "csv");
            assertThat(first.exit()).isEqualTo(2);
            assertThat(first.output().lines().toList().get(1))
                    .startsWith("garden-test/liar,,test,production,Active,Contradiction,true,True,0,1,");
            assertThat(first.output().lines().toList().get(2))
                    .startsWith("garden-test/old,,test,production,Active,UsesLegacyPort,true,,0,1,");
            assertThat(first.output().lines().toList().get(3))
                    .as("a young process has not seen the window")
                    .startsWith("garden-test/moved,,test,production,Active,NotObserved,true,True,1,0,");
            assertThat(adoption().output())
                    .contains("3 shoots: 1 Contradiction, 1 UsesLegacyPort, 1 NotObserved", "3 block the removal");
            assertThat(gateway.metric("moongate_adoption_shoots{finding=\"Contradiction\"}"))
                    .isEqualTo(1);
            assertThat(adoption("--finding", "NotMoved", "--purpose", "production")
                            .exit())
                    .as("what is printed does not decide")
                    .isEqualTo(2);
            assertThat(adoption("--seed", "typo").exit())
                    .as("nobody is of that seed: that is no good news")
                    .isEqualTo(1);
            assertThat(adoption("--by", "purpose").output())
                    .containsPattern("(?m)^PURPOSE +SHOOTS  BLOCKING  Contradiction  UsesLegacyPort  NotObserved$")
                    .containsPattern("(?m)^production +3 +3 +1 +1 +1$");

            // Written at the latest five seconds after it was seen.
            Thread.sleep(Duration.ofSeconds(6));
            gateway.process().destroyForcibly().waitFor();
            for (Client tunnel : tunnels) {
                tunnel.close();
            }
            shoot("old", true, upstream);
            gateway.start();
            Lab.Ended after = adoption("-o", "csv", "--blocking", "--finding", "Contradiction");
            assertThat(after.output().lines().toList().get(1))
                    .startsWith("garden-test/liar,,test,production,Active,Contradiction,true,True,0,0,20");
            assertThat(adoption("-o", "json").output()).contains("\"127.0.0.0/24\"", "\"byPurpose\"");
        }
        assertThat(adoption().exit()).as("nobody answers").isEqualTo(1);
    }

    private void shoot(String name, boolean declared, Upstream upstream) throws IOException {
        Files.writeString(
                gateway.landscape().resolve(name + ".yaml"), Manifests.adopting(name, declared, upstream.port()));
    }

    private Client tunnel(String name, Entrance entrance) throws IOException {
        return Client.tunnel(gateway.address(entrance), entrance, Plans.apiServer("shoot--test--" + name));
    }

    private Lab.Ended adoption(String... options) throws Exception {
        var command = new ArrayList<>(List.of(
                System.getProperty("launcher"),
                "adoption",
                "--admin",
                "http://127.0.0.1:" + gateway.admin().port()));
        command.addAll(List.of(options));
        return Lab.ended(command.toArray(String[]::new));
    }
}
