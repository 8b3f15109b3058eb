package io.moongate.operator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.operator.ObjectTree;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list with one object that is unlike all others: the others are taken, and mostly it is taken, too. */
class OddObjectsTest {
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withKubernetesSerialization(Clients.serialization())
            .build();

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 2_000, 9_000})
    void aProviderConfigOfManyLevelsCostsNothing(int levels) {
        String deep = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
        assertThat(names("\"providerConfig\": " + deep)).containsExactly("odd", "plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"providerConfig\": {\"number\": 1e400}",
                "\"providerConfig\": [null, [[]], {}]",
                "\"other\": \"\\u0000\\ud800\"",
                "\"dns\": {\"domain\": null}"
            })
    void oddValuesCostNothing(String spec) {
        assertThat(names(spec)).containsExactly("odd", "plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"provider\": 7", "\"dns\": [1]", "\"hibernation\": {\"enabled\": \"perhaps\"}"})
    void aWrongTypeCostsItsObject(String spec) {
        assertThat(names(spec)).containsExactly("plain");
    }

    private List<String> names(String spec) {
        String list = "{\"items\": [" + shoot("odd", ", " + spec) + ", " + shoot("plain", "") + "]}";
        return client
                .getKubernetesSerialization()
                .unmarshal(list, GenericKubernetesResourceList.class)
                .getItems()
                .stream()
                .peek(item -> {
                    item.setApiVersion("core.gardener.cloud/v1beta1");
                    item.setKind("Shoot");
                })
                .flatMap(item -> ManifestReader.read("garden", ObjectTree.of(client, item)).good().stream())
                .map(manifest -> ((Manifest.OfShoot) manifest).shoot().key().name())
                .toList();
    }

    private static String shoot(String name, String spec) {
        return "{\"metadata\": {\"name\": \"" + name
                + "\", \"namespace\": \"garden-x\"}, \"spec\": {\"seedName\": \"s\"" + spec
                + "}, \"status\": {\"technicalID\": \"shoot--x--" + name + "\"}}";
    }
}
