package io.moongate.dataplane.gateway;

/**
 * Is called at each step between accept and relay. The gateway itself does nothing there; tests let each step throw, to
 * show that every connection has one outcome.
 */
interface Steps {
    Steps NONE = step -> {};

    /** In the order in which a connection passes them. */
    enum Step {
        ACTIVE,
        READ,
        HEAD,
        DECIDE,
        RESERVE,
        DIAL,
        RESOLVED,
        CONNECT,
        CONNECTED,
        OPENED,
        ANSWER,
        RELAY,
        /** Not of a connection: the periodic check of all tunnels. */
        SWEEP
    }

    void at(Step step);
}
