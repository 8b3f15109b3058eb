package io.moongate.cli.peer;

import java.io.IOException;
import java.util.Map;

/** A running moongate that can be asked. Safe for use by several threads. */
public interface Peer extends AutoCloseable {
    /** For people: how it is reached. */
    String name();

    /** @throws IOException with the reason in words */
    Map<?, ?> get(String page) throws IOException, InterruptedException;

    @Override
    void close();
}
