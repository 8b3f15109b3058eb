package io.moongate.manifest.yaml;

/**
 * The most that is taken of something.
 *
 * @param raise what to do where it is too little; empty where nothing helps
 */
public record Limit(int most, String raise) {
    /** As the end of a list of what to do. */
    public String orRaise() {
        return raise.isEmpty() ? "" : ", or " + raise;
    }
}
