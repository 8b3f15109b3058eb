package io.moongate.model.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;

/** Sees the tunnels of shoots come and go. Called on event loops: it returns at once and throws nothing. */
public interface TunnelObserver {
    /** Looks away. */
    TunnelObserver NONE = (shoot, entrance, client, traffic) -> () -> {};

    /** What a tunnel has carried so far; any thread may ask, while it is up and after. */
    interface Traffic {
        long bytesIn();

        long bytesOut();
    }

    /** A tunnel that was seen to be set up. */
    interface Seen {
        /** Once, when it is over. */
        void ended();
    }

    /** @param client whose tunnel it is, not the load balancer before us */
    Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic);

    /**
     * One that was set up before, while nobody looked, or somebody who has counted it already.
     *
     * @param traffic since now
     */
    default Seen goesOn(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
        return established(shoot, entrance, client, traffic);
    }
}
