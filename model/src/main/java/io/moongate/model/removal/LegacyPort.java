package io.moongate.model.removal;

/** What has become of the legacy port. Names are API. */
public enum LegacyPort {
    /** It is served beside the unified one. */
    Open,
    /** It is closed; all that is needed to bring it back is kept. */
    Removed,
    /** It is closed, and there is no way back. */
    RemovedForGood;

    /** While it is closed every shoot uses the unified port, whatever the gate says: the other leads nowhere. */
    public boolean isClosed() {
        return this != Open;
    }
}
