package io.moongate.model.destination;

/** The two ports through which tunnels come in, each with the one header by which it routes. */
public enum Entrance {
    UNIFIED("unified", "X-Gardener-Destination"),
    LEGACY("legacy", "Reversed-VPN");

    private final String label;
    private final String header;

    Entrance(String label, String header) {
        this.label = label;
        this.header = header;
    }

    public String label() {
        return label;
    }

    public String header() {
        return header;
    }

    public Entrance other() {
        return this == UNIFIED ? LEGACY : UNIFIED;
    }
}
