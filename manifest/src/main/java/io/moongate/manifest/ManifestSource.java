package io.moongate.manifest;

import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where manifests come from: a folder, or a cluster. Looked at again and again, by one thread. */
public interface ManifestSource {
    Look look(Instant now);

    /**
     * All that is there.
     *
     * @param objects by the file, or other place, they came from
     * @param problems as many as may be reported
     */
    record Snapshot(Landscape landscape, Map<String, List<Manifest>> objects, List<Problem> problems) {
        public Snapshot {
            problems = BoundedProblems.inAll(problems);
        }
    }

    /**
     * @param changed whether the snapshot is another one than at the look before
     * @param settled whether all is known that can be known now
     */
    record Look(Snapshot snapshot, boolean changed, boolean settled) {}
}
