package io.moongate.manifest;

import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where manifests come from: a folder, or a cluster. Looked at again and again, by one thread. */
public interface ManifestSource {
    Look look(Instant now);

    /**
     * All that is there.
     *
     * @param objects by the file, or other place, they came from
     * @param problems as many as may be reported
     * @param hiddenConfiguration why something that may be the configuration is not taken; empty where nothing may
     */
    record Snapshot(
            Landscape landscape,
            Map<String, List<Manifest>> objects,
            List<Problem> problems,
            Optional<Problem> hiddenConfiguration) {
        public Snapshot {
            problems = BoundedProblems.inAll(problems);
        }

        public Snapshot(Landscape landscape, Map<String, List<Manifest>> objects, List<Problem> problems) {
            this(landscape, objects, problems, Optional.empty());
        }
    }

    /**
     * @param changed whether the snapshot is another one than at the look before
     * @param settled whether all is known that can be known now
     */
    record Look(Snapshot snapshot, boolean changed, boolean settled) {}
}
