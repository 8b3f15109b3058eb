package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Front;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.StaticShoot;
import io.moongate.plan.Continuity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator has to live through: API servers that refuse, restart or lose their etcd; kubeconfigs that rotate.
 * Shoots are served as a Gardener serves them.
 */
class SurvivalTest {
    private static final List<String> SERVERS = List.of("kube-apiserver", "garden-apiserver");
    private static final String TRUE = "True ComponentsUseUnifiedPort";

    @TempDir
    Path folder;

    private Cluster cluster;
    private Garden garden;

    @Test
    @Timeout(900)
    void anOperatorOutlivesWhatItDependsOn() throws Exception {
        try (var seed = new Cluster(folder.resolve("seed"));
                var good = new StaticShoot();
                var busy = new StaticShoot();
                var away = new StaticShoot();
                var front = new Front(seed, folder.resolve("front"));
                var operator = new OperatorProcess(folder.resolve("operator"), seed)) {
            cluster = seed;
            garden = new Garden(seed, Garden.Served.API_SERVER_OF_ITS_OWN);
            busy.answerWith(429);
            addShoot("good", good.kubeconfig());
            addShoot("busy", busy.kubeconfig());
            addShoot("early", without(good.kubeconfig(), "token: lab", "token: \"\""));
            addShoot("away", away.kubeconfig());
            operator.configure(true, "target: Gateway\nownership: {seed: Manage}\n");
            operator.kubeconfig(front.kubeconfig(folder.resolve("kubeconfig")));
            operator.start();
            isTrue("good");
            isTrue("away");
            away.answerWith(503);
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
            tooManyRequests(front, good, operator);
            watchesExpire(good, operator);

            seed.stop("etcd");
            Thread.sleep(Duration.ofSeconds(60));
            seed.resume("etcd");
            arrives("without-etcd", good, operator);
            assertThat(operator.pid()).isEqualTo(pid);
            assertThat(operator.isAlive()).isTrue();
            await().atMost(Duration.ofMinutes(6))
                    .untilAsserted(() -> assertThat(garden.condition("away")).isEqualTo("Unknown Unreachable"));
            assertThat(garden.constraint("away")).isEqualTo("True");
            nothingIsWrittenWhenNothingChanges(operator);
            rememberWhatWasPlanned(operator);
        }
    }

    /** Garden and seed answer 429 to whatever the operator asks. */
    private void tooManyRequests(Front front, StaticShoot shoot, OperatorProcess operator) throws Exception {
        front.refuse(true);
        addShoot("throttled", shoot.kubeconfig());
        // Its Lease cannot be renewed: another replica could lead.
        soon().until(() -> operator.admin().metric("moongate_operator_leader") == 0);
        assertThat(front.refused()).as("requests, at a pace that helps").isBetween(5L, 500L);
        front.refuse(false);
        isTrue("throttled");
    }

    /** What the operator has seen last is older than all that the API servers remember when they are back. */
    private void watchesExpire(StaticShoot shoot, OperatorProcess operator) throws Exception {
        String seen = cluster.kubectl(
                "get", "shoot", "-n", Garden.NAMESPACE, "good", "-o", "jsonpath={.metadata.resourceVersion}");
        for (String server : SERVERS) {
            cluster.stop(server);
        }
        cluster.compact();
        Thread.sleep(Duration.ofSeconds(20));
        for (String server : SERVERS.reversed()) {
            cluster.resume(server);
        }
        arrives("restarted", shoot, operator);
        assertThat(cluster.kubectl(
                        "get",
                        "--raw",
                        "/apis/core.gardener.cloud/v1beta1/shoots?watch=1&timeoutSeconds=1&resourceVersion=" + seen))
                .as("such a watch has expired")
                .contains("too old resource version");
    }

    /** The operator was away while all Shoots went: a garden that is empty by mistake cuts nobody off. */
    private void rememberWhatWasPlanned(OperatorProcess operator) throws Exception {
        operator.kill();
        cluster.kubectl("delete", "shoots", "-n", Garden.NAMESPACE, "--all", "--timeout=60s");
        operator.start();
        assertThat(operator.admin().config()).contains("RemovalHeld", "of 7 shoots are gone from the input at once");
        Thread.sleep(Continuity.ABSENCE.plusSeconds(2));
        assertThat(operator.admin().config()).contains("shoot--test--good", "shoot--test--restarted");
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
