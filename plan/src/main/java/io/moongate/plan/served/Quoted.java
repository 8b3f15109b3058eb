package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import org.jspecify.annotations.Nullable;

/** Text of somebody's object in a sentence of ours: short, and on one line. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    static String of(@Nullable Object text) {
        String line = LiveTree.text(text).replaceAll("\\p{Cntrl}", "?");
        return "'" + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line) + "'";
    }
}
