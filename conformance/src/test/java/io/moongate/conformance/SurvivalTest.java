package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.StaticShoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator has to live through: API servers that refuse, restart or lose their etcd; kubeconfigs that rotate.
 * Shoots are served as a Gardener serves them.
 */
class SurvivalTest {
    private static final String TRUE = "True ComponentsUseUnifiedPort";

    @TempDir
    Path folder;

    private Cluster cluster;
    private Garden garden;

    @Test
    @Timeout(600)
    void anOperatorOutlivesWhatItDependsOn() throws Exception {
        try (var seed = new Cluster(folder.resolve("seed"));
                var good = new StaticShoot();
                var busy = new StaticShoot();
                var operator = new OperatorProcess(folder.resolve("operator"), seed)) {
            cluster = seed;
            garden = new Garden(seed, Garden.Served.API_SERVER_OF_ITS_OWN);
            busy.answerWith(429);
            addShoot("good", good.kubeconfig());
            addShoot("busy", busy.kubeconfig());
            addShoot("early", without(good.kubeconfig(), "token: lab", "token: \"\""));
            operator.configure(true, "target: Gateway\nownership: {seed: Manage}\n");
            operator.start();
            isTrue("good");
            soon().untilAsserted(() -> assertThat(garden.condition("busy")).isEqualTo("False Pending"));
            assertThat(garden.condition("early")).isEqualTo("False Pending");
            assertThat(operator.log())
                    .as("each is told once, without its secrets")
                    .containsOnlyOnce("has no credentials yet")
                    .doesNotContain("token: lab");
            busy.answerWith(200);
            secret("early", good.kubeconfig());
            isTrue("busy");
            isTrue("early");

            long pid = operator.pid();
            seed.stop("kube-apiserver");
            Thread.sleep(Duration.ofSeconds(20));
            seed.resume("kube-apiserver");
            arrives("restarted", good, operator);

            seed.stop("etcd");
            Thread.sleep(Duration.ofSeconds(60));
            seed.resume("etcd");
            arrives("without-etcd", good, operator);
            assertThat(operator.pid()).isEqualTo(pid);
            assertThat(operator.isAlive()).isTrue();
            nothingIsWrittenWhenNothingChanges(operator);
        }
    }

    /** A shoot that is new gets its routes and its condition: everything is watched and written again. */
    private void arrives(String name, StaticShoot shoot, OperatorProcess operator) throws Exception {
        soon().untilAsserted(() -> addShoot(name, shoot.kubeconfig()));
        soon().until(() -> operator.admin().metric("moongate_operator_leader") == 1);
        soon().until(() -> operator.admin().config().contains("shoot--test--" + name));
        isTrue(name);
    }

    private static void nothingIsWrittenWhenNothingChanges(OperatorProcess operator) throws Exception {
        double writes = operator.admin().sum("moongate_operator_writes_total");
        Thread.sleep(Duration.ofSeconds(10));
        assertThat(operator.admin().sum("moongate_operator_writes_total")).isEqualTo(writes);
    }

    private void isTrue(String name) {
        soon().untilAsserted(() -> assertThat(garden.condition(name)).as(name).isEqualTo(TRUE));
    }

    private void addShoot(String name, String kubeconfig) throws IOException {
        cluster.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shoot--test--" + name + "}}");
        secret(name, kubeconfig);
        garden.shoot(name);
    }

    private void secret(String name, String kubeconfig) throws IOException {
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: shoot--test--%s}
                data: {kubeconfig: %s}
                """.formatted(name, kubeconfig));
    }

    private static String without(String kubeconfig, String what, String instead) {
        String text = new String(Base64.getDecoder().decode(kubeconfig), StandardCharsets.UTF_8);
        assertThat(text).contains(what);
        return Base64.getEncoder().encodeToString(text.replace(what, instead).getBytes(StandardCharsets.UTF_8));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
