package io.moongate.model.plan;

import io.moongate.model.destination.Destination;

/** One OpenVPN client configuration: HA shoots have one per server. */
public record VpnClientPlan(ClientAddress dial, Destination destination) {}
