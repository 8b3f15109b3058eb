package io.moongate.model.condition;

/** What a shoot's last operation says of those who look after it: whether anybody can change its clients now. */
public enum Standing {
    SETTLED,
    /** It has never been finished: its clients are still to come. */
    CREATING,
    /** Its last operation has failed for good: nobody tries again until somebody changes something. */
    FAILED,
    /** Its infrastructure does not accept its credentials. */
    INVALID_CREDENTIALS
}
