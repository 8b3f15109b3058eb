package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The API server's own record of what a namespace's ServiceAccounts have asked it to write. */
public final class AuditLog {
    private final Path policy;
    private final Path log;
    private final String group;

    public AuditLog(Path folder, String namespace) throws IOException {
        Files.createDirectories(folder);
        this.log = folder.resolve("audit.log");
        this.group = "system:serviceaccounts:" + namespace;
        this.policy = Files.writeString(folder.resolve("audit-policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules:
                - level: Metadata
                  userGroups: ["%s"]
                  verbs: [create, update, patch, delete, deletecollection]
                - level: None
                """.formatted(group));
    }

    /** For the API server. */
    public String[] options() {
        return new String[] {"--audit-policy-file=" + policy, "--audit-log-path=" + log};
    }

    /**
     * One request to write.
     *
     * @param what {@code RESOURCE[/SUBRESOURCE] NAMESPACE/NAME}, without the namespace where there is none
     */
    public record Write(String user, String verb, String what, int status) {
        @Override
        public String toString() {
            return user + " " + verb + " " + what + ": " + status;
        }
    }

    public List<Write> writes() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(AuditLog::write).toList();
        }
    }

    private static Write write(String line) {
        var event = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(line);
        var object = (Map<?, ?>) event.get("objectRef");
        var user = (Map<?, ?>) event.get("user");
        var answer = (Map<?, ?>) event.get("responseStatus");
        String resource = text(object, "resource")
                + (text(object, "subresource").isEmpty() ? "" : "/" + text(object, "subresource"));
        String place = text(object, "namespace").isEmpty() ? "" : text(object, "namespace") + "/";
        return new Write(
                text(user, "username"),
                text(event, "verb"),
                resource + " " + place + text(object, "name"),
                ((Number) Objects.requireNonNull(answer.get("code"))).intValue());
    }

    private static String text(Map<?, ?> tree, String key) {
        return Objects.toString(tree.get(key), "");
    }
}
