package io.moongate.model.config;

/** What serves the two ports in a seed. */
public enum Target {
    Gateway,
    Istio
}
