package io.moongate.operator.shoots.move;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.ShootPlan;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.plan.rollout.MoveRules.Probe;
import io.moongate.plan.translate.shoot.ProbeJob;
import io.moongate.plan.translate.shoot.ShootObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The probe of one shoot. What a Job found is good for the move that asked for it, and for no later one. */
final class Probing {
    /** On top of the Job's own deadline: its end has to be seen. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    private @Nullable Instant startedAt;
    private Probe result = Probe.NOT_STARTED;

    /** Forgets what was found. */
    void reset() {
        startedAt = null;
        result = Probe.NOT_STARTED;
    }

    void start(KubernetesClient client, ShootPlan shoot, MoongateConfiguration configuration, Instant now) {
        // One of an earlier attempt may be left by an operator that was killed.
        if (remove(client)) {
            return;
        }
        Optional<ClusterObject> job = ProbeJob.of(
                shoot,
                configuration.components().probeImage(),
                configuration.rollout().probeTimeout());
        job.ifPresent(object -> ServerSideApply.apply(client, object, true));
        startedAt = now;
        result = Probe.RUNNING;
    }

    Probe look(KubernetesClient client, Duration timeout, Instant now) {
        Instant started = startedAt;
        if (result != Probe.RUNNING || started == null) {
            return result;
        }
        Job job = client.batch()
                .v1()
                .jobs()
                .inNamespace(ShootObjects.NAMESPACE)
                .withName(ProbeJob.NAME)
                .get();
        Probe seen = judge(job);
        if (seen == Probe.RUNNING && !now.isBefore(started.plus(timeout).plus(SLACK))) {
            seen = Probe.IMPOSSIBLE;
        }
        if (seen != Probe.RUNNING) {
            remove(client);
        }
        result = seen;
        return seen;
    }

    /** Only a probe that ran and said no has failed: a pod that never started says nothing about the port. */
    static Probe judge(@Nullable Job job) {
        if (job == null || job.getStatus() == null) {
            return job == null ? Probe.IMPOSSIBLE : Probe.RUNNING;
        }
        List<JobCondition> conditions = job.getStatus().getConditions();
        if (is(conditions, "Complete").isPresent()) {
            return Probe.PASSED;
        }
        return is(conditions, "Failed")
                .map(c -> "BackoffLimitExceeded".equals(c.getReason()) ? Probe.FAILED : Probe.IMPOSSIBLE)
                .orElse(Probe.RUNNING);
    }

    private static Optional<JobCondition> is(List<JobCondition> conditions, String type) {
        return conditions.stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals("True"))
                .findFirst();
    }

    /** Whether there was one. */
    private static boolean remove(KubernetesClient client) {
        return !client.batch()
                .v1()
                .jobs()
                .inNamespace(ShootObjects.NAMESPACE)
                .withName(ProbeJob.NAME)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete()
                .isEmpty();
    }
}
