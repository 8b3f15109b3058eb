package io.moongate.plan.served;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** Destinations that no plan has, from any namespace to one that differs from a shoot's in its end alone. */
final class Strangers {
    static final String NO_SHOOT = "moongate-not-in-any-plan";

    private static final String NAME = "notinanyplan";
    private static final String SEPARATOR = "--";

    /** A pattern for one shoot alone would be a strange one: so many are asked about. */
    private static final int SHOOTS = 100;

    private Strangers() {}

    /** Those that are most different from a shoot's first. */
    static Stream<Destination> to(List<String> values) {
        var known = new HashSet<>(values);
        Stream<String> general = Stream.of(
                NO_SHOOT, "shoot" + SEPARATOR + NAME + SEPARATOR + NAME, "shoot-" + NAME, "shoot-" + NAME + "-" + NAME);
        Stream<String> alike = values.stream()
                .flatMap(value -> Destination.parse(value).stream())
                .map(Destination::namespace)
                .distinct()
                .limit(SHOOTS)
                .flatMap(Strangers::alike);
        return Stream.concat(general, alike)
                .flatMap(namespace -> Stream.of(
                        new Destination(Server.KUBE_APISERVER, namespace), new Destination(Server.VPN, namespace)))
                .filter(destination -> !known.contains(destination.headerValue()));
    }

    /** Of the same project, and with the same beginning. */
    private static Stream<String> alike(String namespace) {
        int name = namespace.lastIndexOf(SEPARATOR);
        String longer = namespace + NAME;
        return name < 0 ? Stream.of(longer) : Stream.of(namespace.substring(0, name) + SEPARATOR + NAME, longer);
    }
}
