package io.moongate.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.1.0.0/16, 10.0.0.0/8, true",
        "10.1.0.0/16, 10.1.0.0/16, true",
        "10.0.0.0/16, 10.1.0.0/16, false",
        "10.0.0.5/8, 10.1.0.0/16, true",
        "10.1.0.0/17, 10.1.128.0/17, false",
        "2001:db8::/32, 2001:db8:1::/48, true",
        "::/0, 10.0.0.0/8, false"
    })
    void overlap(String one, String other, boolean expected) {
        assertThat(Cidr.parse(one).overlaps(Cidr.parse(other))).isEqualTo(expected);
    }
}
