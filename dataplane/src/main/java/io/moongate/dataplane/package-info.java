/**
 * The bytes: {@code wire} reads request heads and PROXY headers and writes answers; {@code gateway} takes a connection
 * through its phases (accept, parse, authorize, dial, 200, relay, record); {@code relay} moves bytes between two
 * sockets; {@code memory} bounds what waits for peers that do not read; {@code record} tells what happened, once per
 * tunnel; {@code admin} serves health and metrics; {@code tunnel} is the client side. A
 * {@link io.moongate.model.plan.GatewayPlan} comes in, nothing of manifests or Kubernetes.
 */
package io.moongate.dataplane;
