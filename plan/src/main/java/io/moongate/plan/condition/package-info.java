/**
 * What was seen of a shoot to what its condition says: CONTRACT's table as one pure function. Comes in: the last verdict,
 * an observation, the time. Goes out: the next verdict, the same object where nothing changes. Must not ask anybody.
 */
package io.moongate.plan.condition;
