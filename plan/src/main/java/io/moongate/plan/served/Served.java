package io.moongate.plan.served;

import java.util.List;

/**
 * What another owner's objects do on one port, in sentences without their end.
 *
 * @param missing what does not work, and has to be changed by their owner
 * @param advice what works, and is weaker than planned; what cannot be judged
 */
public record Served(List<String> missing, List<String> advice) {
    public Served {
        missing = List.copyOf(missing);
        advice = List.copyOf(advice);
    }
}
