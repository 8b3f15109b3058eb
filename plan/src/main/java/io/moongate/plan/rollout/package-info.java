/** Moving a shoot from one port to the other, step by step, as a pure decision. */
package io.moongate.plan.rollout;
