/**
 * {@code moongate}: one command per file, each reads its options, calls the modules and prints. {@code run} is the
 * whole thing in one process; its flow can be read in {@code run/RunLoop}.
 */
package io.moongate.cli;
