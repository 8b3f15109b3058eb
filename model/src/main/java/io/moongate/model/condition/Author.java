package io.moongate.model.condition;

/** Which program wrote an entry of a Shoot's status. The labels are API. */
public enum Author {
    MOONGATE("moongate"),
    GARDENLET("gardenlet"),
    OTHER("other");

    private final String label;

    Author(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
