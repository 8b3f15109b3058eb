package io.moongate.cli;

/** Something the user can mend; the message has the form {@code what, where, what to do}. */
public final class UserError extends RuntimeException {
    public UserError(String message) {
        super(message);
    }
}
