package io.moongate.adoption.report;

/** What declared and seen say together of one shoot; in the order in which a person should read them. Names are API. */
public enum Finding {
    /** Declared True, and seen on the legacy port since. */
    Contradiction(true),
    /** Seen on the legacy port in the evidence window; not declared True. */
    UsesLegacyPort(true),
    /** Not declared True; nothing was seen of it on the legacy port. */
    NotMoved(true),
    /** It cannot be looked at: ignored, migrating, or hibernated with the legacy configuration. */
    Away(true),
    /** Declared True; in a part of the evidence window nobody looked. */
    NotObserved(true),
    /** Declared True and watched through the whole window, but no tunnel on the unified port for a while. */
    Silent(false),
    /** Declared True, and in the whole evidence window not seen on the legacy port. */
    Moved(false),
    /** It has no clients: workerless, or being deleted. */
    WithoutClients(false);

    private final boolean blocks;

    Finding(boolean blocks) {
        this.blocks = blocks;
    }

    /** Whether the legacy port has to stay for it. */
    public boolean blocks() {
        return blocks;
    }
}
