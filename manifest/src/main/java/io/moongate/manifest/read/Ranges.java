package io.moongate.manifest.read;

import io.moongate.model.net.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Address ranges in objects of others. What is none is left out: it must not cost a shoot its tunnels. */
final class Ranges {
    private Ranges() {}

    static List<Cidr> of(List<String> texts) {
        return texts.stream().flatMap(Ranges::range).toList();
    }

    static Optional<Cidr> of(Optional<String> text) {
        return text.stream().flatMap(Ranges::range).findFirst();
    }

    private static Stream<Cidr> range(String text) {
        try {
            return Stream.of(Cidr.parse(text));
        } catch (IllegalArgumentException noRange) {
            return Stream.empty();
        }
    }
}
