package io.moongate.model.plan;

import io.moongate.model.net.HostPort;
import java.util.List;

/** Where a destination's server can be reached. */
public sealed interface Upstreams {
    /** The endpoints of its EndpointSlices; may be empty: known, but nobody is there. */
    record Endpoints(List<HostPort> all) implements Upstreams {
        public Endpoints {
            all = List.copyOf(all);
        }
    }

    /** No EndpointSlice is known: the Service's DNS name, looked up when a tunnel needs it. */
    record DnsName(HostPort name) implements Upstreams {}
}
