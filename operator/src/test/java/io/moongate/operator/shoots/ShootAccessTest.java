package io.moongate.operator.shoots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShootAccessTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [%s]}, token: t}",
                "{\"exec\": {\"apiVersion\": \"client.authentication.k8s.io/v1\", \"command\": \"touch\", \"args\": [\"%s\"]}}",
                "{\"e\\u0078ec\": {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [%s]}}",
                "{? exec : {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [%s]}}",
                "{auth-provider: {name: oidc, config: {a: %s}}, token: t}",
                "{tokenFile: %s}",
                "{client-certificate: %s, client-key: %s}"
            })
    void aKubeconfigRunsNoProgramAndReadsNoFile(String user) {
        Path file = folder.resolve("touched");
        assertThatThrownBy(() -> open(user.replace("%s", file.toString())))
                .isInstanceOf(ShootAccess.Unavailable.class)
                .hasMessageContaining("asks to run a program or to read a file");
        assertThat(file).doesNotExist();
    }

    @Test
    void aTokenOrACertificateInItIsFine() throws Exception {
        try (KubernetesClient client = open("{token: t}")) {
            assertThat(client.getConfiguration().getMasterUrl()).isEqualTo("https://192.0.2.1:6443/");
            assertThat(client.getConfiguration().getAutoOAuthToken()).isEqualTo("t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "a: b", "users: 1"})
    void whatIsNoKubeconfigIsSaidWithoutItsContent(String text) {
        assertThatThrownBy(() -> ShootAccess.client(text, "gardener-internal"))
                .isInstanceOf(ShootAccess.Unavailable.class)
                .hasMessageStartingWith("the kubeconfig in Secret gardener-internal");
    }

    private KubernetesClient open(String user) throws Exception {
        String kubeconfig = """
                apiVersion: v1
                kind: Config
                clusters: [{name: a, cluster: {server: "https://192.0.2.1:6443"}}]
                users: [{name: a, user: %s}]
                contexts: [{name: a, context: {cluster: a, user: a}}]
                current-context: a
                """.replace("%s", user);
        Files.createDirectories(folder);
        return ShootAccess.client(kubeconfig, "gardener-internal");
    }
}
