package io.moongate.model.plan;

import io.moongate.model.destination.Destination;
import io.moongate.model.landscape.ShootKey;

/** What one accepted header value leads to. */
public record Route(ShootKey shoot, Destination destination, Upstreams upstreams) {}
