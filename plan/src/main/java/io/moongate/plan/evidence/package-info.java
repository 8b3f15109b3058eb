/**
 * When an ingress gateway gets the EnvoyFilter by which it reports its tunnels. Comes in: what its EndpointSlices show of
 * its pods, and for which of them the filter is now. Goes out: for which pods it is to be, and whether a person has to
 * agree, because tunnels drain. Must not import a Kubernetes or Istio type.
 */
package io.moongate.plan.evidence;
