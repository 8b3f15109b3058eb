package io.moongate.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1:8443",
        "::, [::]:8443",
        "::1, [::1]:8443",
        "2001:db8::1, [2001:db8::1]:8443",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:8443",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:8443",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:8443",
        "1:0:0:0:0:0:0:0, [1::]:8443"
    })
    void writesSocketAddressesAsRfc5952Does(String address, String text) {
        assertThat(Addresses.text(new InetSocketAddress(Addresses.parse(address).orElseThrow(), 8443)))
                .isEqualTo(text);
    }
}
