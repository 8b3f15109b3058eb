package io.moongate.model.tunnel;

/** Why a tunnel ended or was refused: metric label and log field; the names are API. */
public enum Flag {
    COMPLETED("Completed", 200),
    CLIENT_RESET("ClientReset", 200),
    UPSTREAM_RESET("UpstreamReset", 200),
    IDLE_TIMEOUT("IdleTimeout", 200),
    DRAINED("Drained", 200),
    WITHDRAWN("Withdrawn", 200),
    MAX_AGE("MaxAge", 200),
    /** Its peer did not read, and the memory for what waited was needed. */
    UNREAD("Unread", 200),
    NO_DESTINATION("NoDestination", 301),
    UNKNOWN_DESTINATION("UnknownDestination", 301),
    WRONG_HEADER("WrongHeader", 301),
    DUPLICATE_HEADER("DuplicateHeader", 301),
    CONFLICTING_HEADERS("ConflictingHeaders", 301),
    NOT_CONNECT("NotConnect", 301),
    ACCESS_DENIED("AccessDenied", 403),
    MALFORMED("Malformed", 400),
    PROXY_PROTOCOL("ProxyProtocol", 400),
    OLD_PROXY_CLIENT("OldProxyClient", 400),
    /** An HTTP/2 connection used up its budget of frames or resets; it ends with ENHANCE_YOUR_CALM. */
    TOO_MANY_FRAMES("TooManyFrames", 400),
    HEAD_TOO_LARGE("HeadTooLarge", 431),
    HEAD_TIMEOUT("HeadTimeout", 408),
    NO_ENDPOINT("NoEndpoint", 503),
    CONNECT_FAILED("ConnectFailed", 503),
    CONNECT_TIMEOUT("ConnectTimeout", 503),
    LIMIT_REACHED("LimitReached", 503),
    DRAINING("Draining", 503),
    /** A defect of ours: something threw before the 200. */
    INTERNAL_ERROR("InternalError", 503);

    private final String label;
    private final int status;

    Flag(String label, int status) {
        this.label = label;
        this.status = status;
    }

    public String label() {
        return label;
    }

    /** The status of the answer that goes with it. */
    public int status() {
        return status;
    }

    public boolean refused() {
        return status != 200;
    }
}
