/**
 * What arrives from outside in its worst forms, at random: {@code ChaosTest} starts one thread for each {@code Nuisance}
 * against one running process. {@code -Dchaos.seconds} says for how long, {@code -Dchaos.seed} repeats a run.
 */
package io.moongate.conformance.chaos;
