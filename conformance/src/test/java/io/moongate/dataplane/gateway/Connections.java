package io.moongate.dataplane.gateway;

/** What the gateway counts and shows only to its own package. */
public final class Connections {
    private Connections() {}

    /** Without a tunnel yet. */
    public static int waiting(Gateway gateway) {
        return gateway.waiting();
    }
}
