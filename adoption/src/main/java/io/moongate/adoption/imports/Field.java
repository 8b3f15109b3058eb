package io.moongate.adoption.imports;

/** What is of use in a line of an access log. */
enum Field {
    START,
    /** When the line was written. */
    END,
    METHOD,
    STATUS,
    /** In milliseconds. */
    DURATION,
    BYTES_RECEIVED,
    BYTES_SENT,
    UNIFIED_HEADER,
    LEGACY_HEADER,
    /** The header of either entrance: the format does not say which. */
    EITHER_HEADER,
    CLUSTER,
    LOCAL_ADDRESS,
    LOCAL_PORT,
    CLIENT,
    REQUEST_ID,
    STREAM_ID,
    CONNECTION_ID,
    LISTENER,
    /** A shoot's name in the garden, as Moongate logs it. */
    SHOOT
}
