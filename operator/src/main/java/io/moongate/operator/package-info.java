/**
 * The control plane of one seed on Kubernetes. Comes in: the garden's Shoots and Seed, the seed's Services and
 * EndpointSlices, the configuration. Goes out: the seed's objects. The only module that knows a Kubernetes client; what
 * should be is decided in {@code plan}.
 */
package io.moongate.operator;
