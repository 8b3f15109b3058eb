package io.moongate.operator.crd;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.operator.provider.Clients;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shoot and Seed for gardens whose API server does not serve them: the fields that Moongate uses have a schema, all
 * others are kept as they are.
 */
public final class CustomResourceDefinitions {
    private static final String GROUP = "core.gardener.cloud";
    private static final String VERSION = "v1beta1";

    private CustomResourceDefinitions() {}

    /** In the order in which they are to be applied. */
    public static List<Map<String, Object>> all() {
        return List.of(shoot(), seed());
    }

    /**
     * Installs them, or brings them up to date.
     *
     * @param kubeconfig empty: the cluster in which this runs
     * @return who serves the API group already; then nothing is written
     */
    public static Optional<String> install(Optional<Path> kubeconfig) {
        try (KubernetesClient client = Clients.of(kubeconfig)) {
            boolean served = client.getApiGroup(GROUP) != null;
            boolean byDefinition = client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName("shoots." + GROUP)
                            .get()
                    != null;
            if (served && !byDefinition) {
                return Optional.of("the garden serves " + GROUP
                        + " itself, without CustomResourceDefinitions: nothing is to be installed");
            }
            for (Map<String, Object> definition : all()) {
                client.resource(client.getKubernetesSerialization()
                                .convertValue(definition, CustomResourceDefinition.class))
                        .fieldManager(ServerSideApply.FIELD_MANAGER)
                        .serverSideApply();
            }
            return Optional.empty();
        } catch (KubernetesClientException e) {
            throw new IllegalStateException("the definitions could not be installed: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> shoot() {
        var address = object(map("name", string(), "url", string()));
        var spec = object(map(
                "seedName",
                string(),
                "purpose",
                string(),
                "provider",
                object(map("workers", array(object(map("name", string()))))),
                "dns",
                object(map("domain", string())),
                "networking",
                object(map("ipFamilies", array(string()))),
                "hibernation",
                object(map("enabled", bool()))));
        var status = object(map(
                "technicalID",
                string(),
                "seedName",
                string(),
                "hibernated",
                bool(),
                "advertisedAddresses",
                array(address),
                "conditions",
                conditions(),
                "constraints",
                conditions()));
        return definition(
                "Shoot",
                "Namespaced",
                map("spec", spec, "status", status),
                list(
                        column("Seed", ".status.seedName"),
                        column("Unified", ".status.conditions[?(@.type=='ShootUsesUnifiedHTTPProxyPort')].status"),
                        column("Reason", ".status.conditions[?(@.type=='ShootUsesUnifiedHTTPProxyPort')].reason")),
                list(map("jsonPath", ".spec.seedName"), map("jsonPath", ".status.seedName")));
    }

    private static Map<String, Object> seed() {
        var proxy = object(map("allowed", bool()));
        var zone = object(map("name", string(), "proxyProtocol", proxy));
        var settings = object(map("loadBalancerServices", object(map("proxyProtocol", proxy, "zones", array(zone)))));
        return definition(
                "Seed",
                "Cluster",
                map("spec", object(map("settings", settings)), "status", object(map("conditions", conditions()))),
                list(),
                list());
    }

    private static Map<String, Object> definition(
            String kind,
            String scope,
            Map<String, Object> properties,
            List<Object> columns,
            List<Object> selectableFields) {
        String singular = kind.toLowerCase(java.util.Locale.ROOT);
        var version = map(
                "name",
                VERSION,
                "served",
                true,
                "storage",
                true,
                "subresources",
                map("status", map()),
                "additionalPrinterColumns",
                columns,
                "schema",
                map("openAPIV3Schema", object(properties)));
        if (!selectableFields.isEmpty()) {
            version.put("selectableFields", selectableFields);
        }
        return map(
                "apiVersion",
                "apiextensions.k8s.io/v1",
                "kind",
                "CustomResourceDefinition",
                "metadata",
                map("name", singular + "s." + GROUP),
                "spec",
                map(
                        "group",
                        GROUP,
                        "scope",
                        scope,
                        "names",
                        map("kind", kind, "listKind", kind + "List", "singular", singular, "plural", singular + "s"),
                        "versions",
                        list(version)));
    }

    /** By type, so that each of several writers can own its own. */
    private static Map<String, Object> conditions() {
        var condition = object(map(
                "type",
                string(),
                "status",
                string(),
                "reason",
                string(),
                "message",
                string(),
                "lastTransitionTime",
                time(),
                "lastUpdateTime",
                time()));
        condition.put("required", list("type", "status"));
        var conditions = array(condition);
        conditions.put("x-kubernetes-list-type", "map");
        conditions.put("x-kubernetes-list-map-keys", list("type"));
        return conditions;
    }

    private static Map<String, Object> column(String name, String path) {
        return map("name", name, "type", "string", "jsonPath", path);
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return map("type", "object", "properties", properties, "x-kubernetes-preserve-unknown-fields", true);
    }

    private static Map<String, Object> array(Map<String, Object> items) {
        return map("type", "array", "items", items);
    }

    private static Map<String, Object> string() {
        return map("type", "string");
    }

    private static Map<String, Object> time() {
        return map("type", "string", "format", "date-time");
    }

    private static Map<String, Object> bool() {
        return map("type", "boolean");
    }
}
