package io.moongate.model.landscape;

/** A shoot's name in the garden: {@code garden-foo/bar}. */
public record ShootKey(String namespace, String name) implements Comparable<ShootKey> {
    /** Reads {@code namespace/name}; throws with the reason otherwise. */
    public static ShootKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not of the form namespace/name, as in garden-foo/bar");
        }
        return new ShootKey(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(ShootKey other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
