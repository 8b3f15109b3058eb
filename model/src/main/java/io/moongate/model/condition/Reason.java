package io.moongate.model.condition;

/** Why the condition has its status. The names are API: alerts and scripts rely on them. */
public enum Reason {
    Pending,
    Progressing,
    RolloutStalled,
    ComponentsUseUnifiedPort,
    ComponentsNotReady,
    Drifted,
    Unreachable,
    Hibernated,
    Ignored,
    Deleting,
    Migrating,
    Reverting
}
