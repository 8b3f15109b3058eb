/**
 * Pure: a landscape goes in ({@link io.moongate.plan.Continuity} first decides what of it is taken), a
 * {@link io.moongate.model.plan.Plan} comes out ({@link io.moongate.plan.Planner}), and {@code translate} turns that
 * into what each target gets. No socket, file, clock, thread or environment: time and settings come in as data. Must
 * not import anything but {@code model} and the JDK.
 */
package io.moongate.plan;
