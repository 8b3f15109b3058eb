package io.moongate.cli;

import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import io.moongate.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A folder of manifests read once, for commands that look and go. */
public final class Folder {
    private static final int LOOKS = 5;

    private Folder() {}

    /** @param problems of reading and of planning */
    public record Planned(Plan plan, List<Problem> problems) {
        public Planned {
            problems = BoundedProblems.inAll(problems);
        }

        public boolean hasErrors() {
            return problems.stream().anyMatch(Problem::isError);
        }
    }

    public static Planned plan(Path folder, InputOptions options) {
        ManifestSource.Snapshot snapshot = read(folder);
        Plan plan = Planner.plan(snapshot.landscape(), ConfigurationReader.defaults(), options.inputs());
        var problems = new ArrayList<>(snapshot.problems());
        problems.addAll(plan.problems());
        return new Planned(plan, problems);
    }

    /** Whoever keeps no last good must not go on with defaults in place of a configuration that is there. */
    public static void refuseHiddenConfiguration(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        ManifestSource.Snapshot first = read(folder);
        Optional<Problem> hidden = first.hiddenConfiguration();
        if (first.landscape().configuration().isEmpty() && hidden.isPresent()) {
            throw new UserError(hidden.get().withoutSeverity() + "; it may be the MoongateConfiguration");
        }
    }

    /** What is in the folder now. */
    public static ManifestSource.Snapshot read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserError(
                    "the landscape is not a folder, " + folder + ", give the folder that holds the manifests");
        }
        // The second look is later than any waiting: what is there now is what is meant. Another one, where the
        // configuration that was read changes what may be read.
        var source = new FolderSource(folder, Map.of());
        Instant now = Instant.now();
        ManifestSource.Look look = source.look(now);
        for (int i = 0; i < LOOKS && !look.settled(); i++) {
            now = now.plus(FolderSource.AT_MOST);
            look = source.look(now);
        }
        return look.snapshot();
    }
}
