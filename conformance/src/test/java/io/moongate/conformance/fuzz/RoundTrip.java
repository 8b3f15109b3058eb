package io.moongate.conformance.fuzz;

import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Shoot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is read can be written, and is the same when it is read again: last good and the feed depend on it. */
public final class RoundTrip {
    private RoundTrip() {}

    static void check(Manifest manifest) {
        Map<String, Object> tree = ManifestWriter.tree(manifest);
        String json = Trees.json(tree);
        compare(manifest, ManifestReader.read("written.json", json));
        // What is kept or sent is JSON. YAML is for people; its library loses single surrogates.
        if (!json.contains("\\u")) {
            compare(manifest, ManifestReader.read("written.yaml", Trees.yaml(tree)));
        }
        compare(manifest, ManifestReader.read("written object", tree));
    }

    private static void compare(Manifest manifest, ManifestReader.Contents back) {
        Check.that(back.failures().isEmpty(), "not read back: " + manifest + ": " + back.failures());
        List<Manifest> good = back.good().stream().map(RoundTrip::written).toList();
        Check.that(good.equals(List.of(written(manifest))), "read back differently: " + manifest + ": " + good);
    }

    /** Without what a plan does not depend on: that is not written. */
    public static Manifest written(Manifest manifest) {
        return switch (manifest) {
            case Manifest.OfShoot(Shoot shoot) ->
                new Manifest.OfShoot(new Shoot(
                        shoot.key(),
                        shoot.technicalId(),
                        shoot.placement(),
                        new Shoot.Traits(
                                shoot.traits().workerless(),
                                shoot.traits().highlyAvailableVpn(),
                                shoot.traits().withoutDns(),
                                Lifecycle.ACTIVE,
                                Standing.SETTLED),
                        shoot.purpose(),
                        shoot.ipFamilies(),
                        shoot.advertised(),
                        shoot.choice(),
                        Optional.empty(),
                        Adoption.ABSENT,
                        Declarations.NONE,
                        shoot.networks()));
            case Manifest.OfEndpointSlice(EndpointSlice slice) ->
                new Manifest.OfEndpointSlice(new EndpointSlice(
                        slice.namespace(),
                        slice.name(),
                        slice.serviceName(),
                        slice.endpoints().stream()
                                .map(e -> new EndpointSlice.Endpoint(
                                        e.addresses(), e.ready(), e.serving(), Optional.empty()))
                                .toList(),
                        slice.ports()));
            default -> manifest;
        };
    }
}
