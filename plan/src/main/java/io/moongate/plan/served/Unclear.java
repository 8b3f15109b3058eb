package io.moongate.plan.served;

import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import java.util.Optional;

/**
 * Something in a port's way of which nobody can say what it does.
 *
 * @param field of the object, as a path
 * @param what a sentence without its end
 * @param mayServe whether the port may be served by it alone, whatever else is missing
 */
record Unclear(ObjectRef object, String field, String what, boolean mayServe) {
    /** It can only stand in the way. */
    static Unclear inTheWay(Patch patch, String below, String what) {
        return new Unclear(patch.filter(), patch.field() + below, what, false);
    }

    static Unclear mayServe(Patch patch, String below, String what) {
        return new Unclear(patch.filter(), patch.field() + below, what, true);
    }

    Advice advice() {
        return new Advice(Advice.Code.CANNOT_BE_JUDGED, Optional.of(object), field, what);
    }
}
