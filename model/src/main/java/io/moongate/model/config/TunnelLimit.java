package io.moongate.model.config;

/** {@code auto}, a number, or 0 for no limit but that of the open files and the heap. */
public sealed interface TunnelLimit {
    record Auto() implements TunnelLimit {
        @Override
        public String toString() {
            return "auto";
        }
    }

    record Fixed(int tunnels) implements TunnelLimit {
        @Override
        public String toString() {
            return Integer.toString(tunnels);
        }
    }

    static TunnelLimit parse(String text) {
        if (text.equals("auto")) {
            return new Auto();
        }
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is neither auto nor a number of tunnels");
        }
        return new Fixed(Integer.parseInt(text));
    }
}
