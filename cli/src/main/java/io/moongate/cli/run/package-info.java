/**
 * {@code moongate run}: the whole thing in one process. {@code RunLoop} is the flow, the others are its ends; {@code moongate
 * gateway} is a part of it, {@code moongate witness} another.
 */
package io.moongate.cli.run;
