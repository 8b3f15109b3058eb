package io.moongate.adoption.report;

/** What declared and seen say together of one shoot; in the order in which a person should read them. Names are API. */
public enum Finding {
    /** Declared True, and in the evidence window seen on the legacy port since. */
    Contradiction(true),
    /** Seen on the legacy port in the evidence window; not declared True. */
    UsesLegacyPort(true),
    /** One entry of its status says that it has moved, the other that it has not. */
    Disagreement(true),
    /** Not declared True; nothing was seen of it on the legacy port. */
    NotMoved(true),
    /**
     * Nobody could change its clients: failed, invalid credentials, ignored, migrating; or hibernated, and not seen to
     * have moved before.
     */
    Away(true),
    /** Nothing else blocks, but gardenlet does not start without the legacy port as long as the shoot is as it is. */
    GardenletRefuses(true),
    /** Declared True; in a part of the evidence window nobody looked. */
    NotObserved(true),
    /** Declared True and watched through the whole window, but no tunnel on the unified port for a while. */
    Silent(false),
    /** Declared True, and in the whole evidence window not seen on the legacy port. */
    Moved(false),
    /** It is being created, and its clients came on the unified port alone. */
    Arriving(false),
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
