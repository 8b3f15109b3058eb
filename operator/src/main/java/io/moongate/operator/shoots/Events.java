package io.moongate.operator.shoots;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Reason;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An Event on the Shoot for each new reason: what {@code kubectl describe shoot} shows at its end. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final String COMPONENT = "moongate-operator";
    private static final Set<Reason> BAD =
            Set.of(Reason.RolloutStalled, Reason.ComponentsNotReady, Reason.Drifted, Reason.Unreachable);

    private final KubernetesClient garden;

    Events(KubernetesClient garden) {
        this.garden = garden;
    }

    /** Nothing depends on it: where it cannot be written, that is said and forgotten. */
    void tell(ShootKey shoot, Adoption before, Adoption after) {
        Optional<Reason> was = before.condition().map(Condition::reason);
        if (after.condition().isEmpty()
                || after.condition().map(Condition::reason).equals(was)) {
            return;
        }
        Condition condition = after.condition().get();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(shoot.namespace())
                .withGenerateName(shoot.name() + ".")
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("core.gardener.cloud/v1beta1")
                .withKind("Shoot")
                .withNamespace(shoot.namespace())
                .withName(shoot.name())
                .endInvolvedObject()
                .withType(BAD.contains(condition.reason()) ? "Warning" : "Normal")
                .withReason(condition.reason().name())
                .withMessage(Condition.TYPE + " is " + condition.status() + ": " + condition.message())
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .build();
        try {
            garden.v1().events().inNamespace(shoot.namespace()).resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.warn("{}: no Event could be written: {}", shoot, e.getMessage());
        }
    }
}
