package io.moongate.model.problem;

import java.util.Optional;

/**
 * Something about the input that a person must know: what it is, where, and what to do about it. Problems are data:
 * they travel with the plan and never stop it. They may quote the input, but no more of it than a person reads.
 *
 * @param leftOut how many others this one stands for, which are not listed; 0 for a problem of its own
 */
public record Problem(
        Code code, Optional<ObjectRef> object, Optional<Place> place, String message, String remedy, long leftOut) {
    /** In characters. */
    static final int LONGEST_MESSAGE = 1_000;

    /** Of an object, and of its namespace and kind; in characters. */
    static final int LONGEST_NAME = 256;

    public Problem {
        message = shortened(message, LONGEST_MESSAGE);
        remedy = shortened(remedy, LONGEST_MESSAGE);
        object = object.map(Problem::shortened);
    }

    /** Closed set; the names are API (metrics, scripts). */
    public enum Code {
        SYNTAX_ERROR("SyntaxError", Severity.ERROR),
        UNKNOWN_FIELD("UnknownField", Severity.ERROR),
        MISSING_FIELD("MissingField", Severity.ERROR),
        INVALID_VALUE("InvalidValue", Severity.ERROR),
        UNKNOWN_KIND("UnknownKind", Severity.ERROR),
        DUPLICATE_OBJECT("DuplicateObject", Severity.ERROR),
        UNREADABLE_FILE("UnreadableFile", Severity.ERROR),
        /** A file or object is larger, deeper or more numerous than the limits allow. */
        LIMIT_EXCEEDED("LimitExceeded", Severity.ERROR),
        EMPTY_FILE("EmptyFile", Severity.ERROR),
        TRUNCATED_FILE("TruncatedFile", Severity.ERROR),
        SOURCE_AWAY("SourceAway", Severity.ERROR),
        CONFIGURATION_ABSENT("ConfigurationAbsent", Severity.ERROR),
        TECHNICAL_ID_CONFLICT("TechnicalIDConflict", Severity.ERROR),
        /** A thread of the process caught an exception that nothing else had caught; it goes on. */
        LOOP_FAILED("LoopFailed", Severity.ERROR),
        LISTENER_FAILED("ListenerFailed", Severity.ERROR),
        OUTPUT_FAILED("OutputFailed", Severity.ERROR),
        REMOVAL_HELD("RemovalHeld", Severity.HELD),
        DRAIN_HELD("DrainHeld", Severity.HELD),
        ROLLOUT_PAUSED("RolloutPaused", Severity.HELD),
        /** Part of an EndpointSlice cannot be dialled; the rest of it is used. */
        ENDPOINT_IGNORED("EndpointIgnored", Severity.WARNING),
        NO_CLIENT_ADDRESS("NoClientAddress", Severity.WARNING),
        NO_ADVERTISED_ADDRESS("NoAdvertisedAddress", Severity.WARNING),
        /** The client's VPN server is of Gardener's form, which needs to know them. */
        NO_VPN_NETWORKS("NoVPNNetworks", Severity.WARNING),
        ACCESS_FOR_UNKNOWN_SHOOT("AccessForUnknownShoot", Severity.WARNING),
        /** A gateway's evidence filter waits for a rollout that it has missed, or that cannot be seen. */
        EVIDENCE_NOT_ATTACHED("EvidenceNotAttached", Severity.WARNING),
        NOT_ALL_TELL("NotAllTell", Severity.WARNING),
        DASHBOARD_FAILED("DashboardFailed", Severity.WARNING),
        /** The admin endpoint or the shared address cannot be opened. */
        ADMIN_FAILED("AdminFailed", Severity.WARNING),
        ACCESS_LOG_SERVICE_FAILED("AccessLogServiceFailed", Severity.WARNING),
        EXEMPTION_FOR_UNKNOWN_SHOOT("ExemptionForUnknownShoot", Severity.WARNING),
        LEGACY_PORT_CLOSED("LegacyPortClosed", Severity.WARNING),
        LEGACY_PORT_BLOCKED("LegacyPortBlocked", Severity.HELD),
        PROXY_PROTOCOL_MISMATCH("ProxyProtocolMismatch", Severity.WARNING),
        LIMIT_LOWERED("LimitLowered", Severity.WARNING),
        NO_LISTENER("NoListener", Severity.WARNING),
        NO_INGRESS_GATEWAY("NoIngressGateway", Severity.WARNING),
        /** The seed that was asked for is not among those that are known. */
        UNKNOWN_SEED("UnknownSeed", Severity.WARNING),
        OWNED_BY_ANOTHER("OwnedByAnother", Severity.WARNING),
        OWNER_MUST_ACT("OwnerMustAct", Severity.WARNING),
        MOVE_FAILED("MoveFailed", Severity.WARNING),
        APPLY_FAILED("ApplyFailed", Severity.ERROR),
        WAITING_FOR_LISTENER("WaitingForListener", Severity.WARNING),
        WATCH_INCOMPLETE("WatchIncomplete", Severity.WARNING),
        /** There are more errors than are listed. */
        MORE_ERRORS("MoreErrors", Severity.ERROR),
        /** There are more problems than are listed, none of them an error. */
        MORE_WARNINGS("MoreWarnings", Severity.WARNING);

        private final String label;
        private final Severity severity;

        Code(String label, Severity severity) {
            this.label = label;
            this.severity = severity;
        }

        public String label() {
            return label;
        }

        public Severity severity() {
            return severity;
        }
    }

    /** {@code ERROR}: input not taken, the last good stays in force. {@code HELD}: waits for a person. {@code WARNING}: taken. */
    public enum Severity {
        ERROR("error"),
        HELD("held"),
        WARNING("warning");

        private final String label;

        Severity(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public static Problem at(Code code, Place place, String message, String remedy) {
        return new Problem(code, Optional.empty(), Optional.of(place), message, remedy, 0);
    }

    public static Problem of(Code code, ObjectRef object, String message, String remedy) {
        return new Problem(code, Optional.of(object), Optional.empty(), message, remedy, 0);
    }

    public static Problem general(Code code, String message, String remedy) {
        return new Problem(code, Optional.empty(), Optional.empty(), message, remedy, 0);
    }

    public Problem about(ObjectRef ref) {
        return new Problem(code, Optional.of(ref), place, message, remedy, leftOut);
    }

    public boolean isError() {
        return code.severity() == Severity.ERROR;
    }

    static ObjectRef shortened(ObjectRef ref) {
        return new ObjectRef(
                shortened(ref.kind(), LONGEST_NAME),
                shortened(ref.namespace(), LONGEST_NAME),
                shortened(ref.name(), LONGEST_NAME));
    }

    /** What it says stays in one line, however it is printed. */
    static String shortened(String text, int longest) {
        return cut(Printable.of(cut(text, longest)), longest);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return text.substring(0, end) + "…";
    }

    /** The form that all messages to people have: {@code error: what, where, what to do}. */
    @Override
    public String toString() {
        return code.severity().label() + ": " + withoutSeverity();
    }

    /** For messages that have their own severity. */
    public String withoutSeverity() {
        var text = new StringBuilder(message);
        object.ifPresent(o -> text.append(", ").append(o));
        place.ifPresent(p -> text.append(", ").append(p));
        return text.append(", ")
                .append(remedy)
                .append(" [")
                .append(code.label())
                .append(']')
                .toString();
    }
}
