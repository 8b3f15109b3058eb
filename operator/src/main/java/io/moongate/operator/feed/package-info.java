/**
 * How our own gateways in a seed learn their shoots: the operator writes them into ConfigMaps, the gateways watch these
 * and the control planes' endpoints. Works on while the operator is away, because etcd holds it.
 */
package io.moongate.operator.feed;
