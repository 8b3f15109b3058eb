package io.moongate.model.landscape;

/** A host cluster. {@code proxyProtocolAllowed}: its load balancers may put a PROXY header before a connection. */
public record Seed(String name, boolean proxyProtocolAllowed) {}
