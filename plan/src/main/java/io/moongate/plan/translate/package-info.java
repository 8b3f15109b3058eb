/** From the plan to what each target gets, as text or as trees of plain values: one class per target format. */
package io.moongate.plan.translate;
