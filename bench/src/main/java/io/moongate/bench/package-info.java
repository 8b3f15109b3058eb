/**
 * The gateway beside Envoy (with routes like upstream's) and HAProxy (TCP mode, no CONNECT: the floor), one after the
 * other in each round of one run, under the same load. Comes in: the programs' paths. Goes out: a table with ratios.
 * Must not import anything of the product: it is measured as its users run it.
 */
package io.moongate.bench;
