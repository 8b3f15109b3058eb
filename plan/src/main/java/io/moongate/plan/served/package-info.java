/**
 * Whether the Istio objects of another owner serve a port as the plan needs it. Comes in: Gateways, EnvoyFilters and the
 * Service of one ingress gateway as trees, and what is needed. Goes out: what does not work, what is weaker than planned,
 * and what cannot be judged. Names and spelling do not count. Must not import a Kubernetes or Istio type.
 */
package io.moongate.plan.served;
