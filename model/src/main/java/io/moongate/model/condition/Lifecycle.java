package io.moongate.model.condition;

/** States of a shoot in which its components say nothing about its adoption. */
public enum Lifecycle {
    ACTIVE,
    HIBERNATED,
    IGNORED,
    DELETING,
    MIGRATING
}
