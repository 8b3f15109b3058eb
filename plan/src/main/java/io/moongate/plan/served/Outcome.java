package io.moongate.plan.served;

/** What becomes of a CONNECT. */
enum Outcome {
    ROUTED,
    /** No route leads it to its destination. */
    REFUSED,
    /** Its route leads to the destination, and CONNECT is not enabled. */
    NOT_ACCEPTED,
    /** Its route hands the CONNECT itself to the destination, which does not expect one. */
    NOT_TERMINATED,
    UNCLEAR
}
