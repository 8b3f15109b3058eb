package io.moongate.plan.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Cidr;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The seed computes the same mapping from the same ranges: a difference is a pod that it cannot reach. */
class MappedNetworksTest {
    @Test
    void eachKindHasAPlaceOfItsOwn() {
        assertThat(MappedNetworks.of(
                        new ShootNetworks(ranges("100.96.0.0/11"), ranges("100.64.0.0/13"), ranges("10.250.0.0/16"))))
                .extracting(MappedNetworks.Mapping::mapped, m -> m.real().toString())
                .containsExactly(
                        tuple("244.0.0.0/11", "100.96.0.0/11"),
                        tuple("243.0.0.0/13", "100.64.0.0/13"),
                        tuple("242.0.0.0/16", "10.250.0.0/16"));
    }

    @Test
    void ofSeveralRangesTheLargestComesFirst() {
        assertThat(nodes("10.7.3.0/24", "10.200.0.0/16", "10.7.9.0/24"))
                .containsExactly("242.0.0.0/16", "242.1.0.0/24", "242.1.1.0/24");
    }

    @Test
    void ipv6IsNotMapped() {
        assertThat(nodes("2001:db8::/48", "10.0.0.0/16")).containsExactly("242.0.0.0/16");
    }

    @Test
    void whatDoesNotFitIsLeftOut() {
        assertThat(nodes("0.0.0.0/0", "10.0.0.0/9", "10.128.0.0/9", "192.0.2.0/24"))
                .containsExactly("242.0.0.0/9", "242.128.0.0/9");
    }

    private static List<String> nodes(String... nodes) {
        return MappedNetworks.of(new ShootNetworks(List.of(), List.of(), ranges(nodes))).stream()
                .map(MappedNetworks.Mapping::mapped)
                .toList();
    }

    private static List<Cidr> ranges(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }
}
