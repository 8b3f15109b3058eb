package io.moongate.model.plan;

import io.moongate.model.destination.Entrance;

/**
 * Where a shoot's clients dial. {@code host} is a name with trailing dot or an IP literal; {@code port} the seed-side
 * port of {@code entrance}.
 */
public record ClientAddress(String host, int port, Entrance entrance) {
    ClientAddress through(Entrance other, int otherPort) {
        return new ClientAddress(host, otherPort, other);
    }
}
