package io.moongate.adoption.imports;

import io.moongate.model.destination.Entrance;

/** Which of the two ports a tunnel came through. */
public sealed interface Port {
    record Of(Entrance entrance) implements Port {}

    /** A port that the operator says is neither. */
    record Other() implements Port {}

    /** The line does not say it, or names a port that is not known. */
    record Unknown(String what) implements Port {}
}
