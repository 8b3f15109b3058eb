package io.moongate.operator.removal;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.feature.Feature;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import io.moongate.operator.provider.ConfigMapWatch;
import io.moongate.plan.translate.Objects;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been decided about a seed's legacy port, as a ConfigMap says it: watched. Where there is none, nothing was ever
 * decided; one that goes, or cannot be read, changes nothing: whoever decided writes it again.
 */
public final class PublishedLegacyPort implements AutoCloseable {
    /** On the ConfigMap; its value is the seed's name. */
    public static final String LABEL = "moongate.io/legacy-port";

    private static final Logger LOG = LoggerFactory.getLogger(PublishedLegacyPort.class);
    private static final String PORT = "port";
    private static final String SINCE = "since";
    private static final String WHO = "who";

    private final SharedIndexInformer<ConfigMap> maps;
    private final String name;
    private Decided last = Decided.NOTHING;

    /**
     * One decision.
     *
     * @param since when it was made
     * @param who made it
     */
    public record Decided(LegacyPort port, Instant since, String who) {
        public static final Decided NOTHING = new Decided(LegacyPort.Open, Instant.EPOCH, "");
    }

    /** @param changed called when it is another than before */
    public PublishedLegacyPort(KubernetesClient seed, String namespace, String seedName, Runnable changed) {
        this.name = nameOf(seedName);
        this.maps = ConfigMapWatch.start(seed, namespace, LABEL, seedName, changed);
    }

    private static String nameOf(String seedName) {
        return "moongate-legacy-port-" + seedName;
    }

    static ClusterObject object(String namespace, String seedName, Decided decided) {
        var data = new HashMap<String, Object>();
        data.put(PORT, decided.port().name());
        data.put(SINCE, decided.since().toString());
        data.put(WHO, decided.who());
        return Objects.own(
                "v1", "ConfigMap", namespace, nameOf(seedName), Map.of(LABEL, seedName), Map.of("data", data));
    }

    /** Where the gate wants a decision that nobody will ever publish. */
    public static Optional<Problem> undecidable(MoongateConfiguration configuration) {
        boolean gate = configuration.featureGates().enabled(Feature.REMOVE_HTTP_PROXY_LEGACY_PORT);
        boolean witnessed = configuration.evidence().accessLogService().host().isPresent();
        return gate && !witnessed
                ? Optional.of(Problem.general(
                        Problem.Code.LEGACY_PORT_BLOCKED,
                        "nobody keeps evidence of tunnels, so " + Feature.REMOVE_HTTP_PROXY_LEGACY_PORT.gate()
                                + " removes nothing",
                        "install the witness (evidence.accessLogService), or turn it off"))
                : Optional.empty();
    }

    /** Whether what is there is known. */
    public boolean hasSynced() {
        return maps.hasSynced();
    }

    public synchronized Decided decided() {
        last = live().orElse(last);
        return last;
    }

    /** What is there now; empty where it is gone or cannot be read. */
    Optional<Decided> live() {
        return maps.getStore().list().stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .findFirst()
                .flatMap(this::read);
    }

    private Optional<Decided> read(ConfigMap map) {
        Map<String, String> data = map.getData() == null ? Map.of() : map.getData();
        try {
            return Optional.of(new Decided(
                    LegacyPort.valueOf(data.getOrDefault(PORT, "")),
                    Instant.parse(data.getOrDefault(SINCE, "")),
                    data.getOrDefault(WHO, "")));
        } catch (IllegalArgumentException | DateTimeException e) {
            LOG.warn("ConfigMap {} cannot be read ({}); what was decided before holds", name, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        maps.stop();
    }
}
