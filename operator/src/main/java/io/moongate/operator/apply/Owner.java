package io.moongate.operator.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.moongate.model.plan.ClusterObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whose an object is. */
public final class Owner {
    private static final String ORIGIN = "resources.gardener.cloud/origin";
    private static final String RESOURCE_MANAGER = "resources.gardener.cloud/managed-by";

    private Owner() {}

    /** The other owner of an object that should be ours alone; empty where it is ours. */
    public static Optional<String> otherOf(GenericKubernetesResource live) {
        Optional<String> marked = markedOf(live);
        if (marked.isPresent()) {
            return marked;
        }
        if (carriesLabel(live)) {
            return Optional.empty();
        }
        List<ManagedFieldsEntry> managers = live.getMetadata().getManagedFields();
        if (managers == null || managers.isEmpty()) {
            return Optional.of("somebody else");
        }
        boolean ours = managers.stream().anyMatch(m -> ServerSideApply.FIELD_MANAGER.equals(m.getManager()));
        return ours
                ? Optional.empty()
                : Optional.of(String.valueOf(managers.getFirst().getManager()));
    }

    /** Whether it may be deleted: it says itself that it is ours, and nobody has marked it as his. */
    public static boolean isOurs(GenericKubernetesResource live) {
        return carriesLabel(live) && markedOf(live).isEmpty();
    }

    /** Whether our last apply of the object had the field at this path of {@code managedFields}. */
    static boolean hasApplied(GenericKubernetesResource live, String... path) {
        List<ManagedFieldsEntry> managers = live.getMetadata().getManagedFields();
        return managers != null
                && managers.stream()
                        .filter(m -> ServerSideApply.FIELD_MANAGER.equals(m.getManager())
                                && "Apply".equals(m.getOperation())
                                && m.getFieldsV1() != null)
                        .anyMatch(m -> has(m.getFieldsV1().getAdditionalProperties(), path));
    }

    private static boolean has(Object fields, String... path) {
        Object at = fields;
        for (String key : path) {
            if (!(at instanceof Map<?, ?> map) || !map.containsKey(key)) {
                return false;
            }
            at = Objects.requireNonNull(map.get(key));
        }
        return true;
    }

    static boolean carriesLabel(GenericKubernetesResource live) {
        Map<String, String> labels = live.getMetadata().getLabels();
        return labels != null && ClusterObject.MOONGATE.equals(labels.get(ClusterObject.MANAGED_BY));
    }

    /** Whoever has marked the object as its own: a label of ours does not outweigh that. */
    static Optional<String> markedOf(GenericKubernetesResource live) {
        Map<String, String> labels = live.getMetadata().getLabels();
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        if (annotations != null && annotations.containsKey(ORIGIN)) {
            return Optional.of(annotations.get(ORIGIN));
        }
        return labels == null ? Optional.empty() : Optional.ofNullable(labels.get(RESOURCE_MANAGER));
    }
}
