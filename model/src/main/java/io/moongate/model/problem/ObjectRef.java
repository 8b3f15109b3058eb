package io.moongate.model.problem;

/** Identity of an object of the input; {@code namespace} is empty for objects without one. */
public record ObjectRef(String kind, String namespace, String name) implements Comparable<ObjectRef> {
    @Override
    public int compareTo(ObjectRef other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
    }
}
