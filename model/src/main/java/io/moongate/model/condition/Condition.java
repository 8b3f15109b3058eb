package io.moongate.model.condition;

import java.time.Instant;

/**
 * One entry of a Shoot's {@code status.conditions} or {@code status.constraints}, of a type that is ours.
 *
 * @param lastTransitionTime changes with the status alone
 * @param lastUpdateTime changes with each write
 */
public record Condition(
        Status status, Reason reason, String message, Instant lastTransitionTime, Instant lastUpdateTime) {
    /** The type of the condition: whether the shoot's components are seen to use the unified port. */
    public static final String TYPE = "ShootUsesUnifiedHTTPProxyPort";

    /** The type of the constraint beside it, as upstream names it. */
    public static final String CONSTRAINT = "UsesUnifiedHTTPProxyPort";

    /** As Kubernetes writes them. */
    public enum Status {
        True,
        False,
        Unknown
    }

    /** The same but for its times. */
    public boolean says(Status otherStatus, Reason otherReason, String otherMessage) {
        return status == otherStatus && reason == otherReason && message.equals(otherMessage);
    }
}
