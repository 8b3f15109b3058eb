/**
 * A plan to the objects that make Istio's ingress gateways serve both ports. Comes in: the plan. Goes out: trees of plain
 * values, with upstream's names. What varies with shoots and access lists sits in the route configuration alone, because
 * Envoy drains a listener's connections when anything else changes (docs/adr/0006). Must not import a Kubernetes or Istio
 * type.
 */
package io.moongate.plan.translate.istio;
