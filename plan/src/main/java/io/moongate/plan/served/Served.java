package io.moongate.plan.served;

import io.moongate.model.problem.Advice;
import java.util.List;

/**
 * What another owner's objects do on one port.
 *
 * @param missing what does not work, and has to be changed by their owner; sentences without their end
 * @param advice what works, and is weaker than planned; what cannot be judged
 */
public record Served(List<String> missing, List<Advice> advice) {
    public Served {
        missing = List.copyOf(missing);
        advice = List.copyOf(advice);
    }
}
