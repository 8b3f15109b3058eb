package io.moongate.cli.peer;

import io.moongate.operator.landscape.ServiceProxy;
import java.io.IOException;
import java.util.Map;

/** A seed's witness, through the seed's API server: it asks for what {@code witness.readers} of the chart has opened. */
record SeedPeer(String name, ServiceProxy proxy) implements Peer {
    @Override
    public Map<?, ?> get(String page) throws IOException {
        return proxy.get(page);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
