package io.moongate.plan.served;

import io.moongate.model.problem.ObjectRef;

/**
 * Why nobody can say whether an object is for a port. All that has the same one is for it, or not, together.
 *
 * @param field of the object, as a path
 * @param why a sentence without its end
 */
record Doubt(ObjectRef object, String field, String why) {}
