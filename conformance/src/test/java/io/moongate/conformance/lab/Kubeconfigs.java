package io.moongate.conformance.lab;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Kubeconfigs of shoots that are played by the test. */
final class Kubeconfigs {
    private Kubeconfigs() {}

    /** As the value of a Secret; without transport security, on this machine. */
    static String onPort(int port) {
        String text = """
                apiVersion: v1
                kind: Config
                clusters: [{name: shoot, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: shoot, user: {token: lab}}]
                contexts: [{name: shoot, context: {cluster: shoot, user: shoot}}]
                current-context: shoot
                """.formatted(port);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
