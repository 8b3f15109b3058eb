package io.moongate.cli.peer;

import io.moongate.cli.AdminClient;
import java.io.IOException;
import java.util.Map;

/** By URL: an admin endpoint on this machine, or what one shares. */
record AdminPeer(String name, AdminClient client) implements Peer {
    AdminPeer(String url) {
        this(url, new AdminClient());
    }

    @Override
    public Map<?, ?> get(String page) throws IOException, InterruptedException {
        return client.get(name, page);
    }

    @Override
    public void close() {
        client.close();
    }
}
