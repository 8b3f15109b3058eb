package io.moongate.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.file.OutputFolder;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.Ownership;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.removal.LegacyPort;
import io.moongate.plan.translate.GatewayView;
import io.moongate.plan.translate.ShootFiles;
import io.moongate.plan.translate.istio.IstioObjects;
import io.moongate.plan.translate.shoot.ProbeJob;
import io.moongate.plan.translate.shoot.ShootObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A case is a folder: {@code in.yaml} and what it leads to. A new case is a new folder with {@code in.yaml};
 * {@code -Dgolden.update=true} writes the rest. A file that no case produces is an error.
 */
class GoldenCasesTest {
    private static final Path CASES = Path.of("src/test/cases");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    static Stream<Path> cases() throws IOException {
        return Files.list(CASES).sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leadsToWhatItsFolderHolds(Path folder, @TempDir Path input) throws IOException {
        Files.copy(folder.resolve("in.yaml"), input.resolve("in.yaml"));
        Map<String, String> produced = produce(input, legacyPort(folder));
        if (UPDATE) {
            for (var file : produced.entrySet()) {
                Files.createDirectories(folder.resolve(file.getKey()).getParent());
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
        assertThat(existing(folder))
                .as("files of the case; mend with ./verify --update")
                .isEqualTo(produced);
    }

    @Test
    void thereAreCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(10);
    }

    private static Map<String, String> produce(Path input, LegacyPort legacyPort) {
        var source = new FolderSource(input, Map.of());
        source.look(Instant.now());
        var snapshot = source.look(Instant.now().plus(FolderSource.AT_MOST)).snapshot();
        var plan = Planner.plan(
                snapshot.landscape(),
                ConfigurationReader.defaults(),
                new Planner.Inputs(FeatureGates.NONE, Optional.empty(), legacyPort));
        var files = new TreeMap<String, String>();
        files.put("gateway.yaml", Trees.yaml(GatewayView.of(plan.gateway())));
        String problems = Stream.concat(snapshot.problems().stream(), plan.problems().stream())
                .map(p -> p + "\n")
                .collect(Collectors.joining());
        files.put("problems.txt", problems.isEmpty() ? "none\n" : problems);
        String istio = IstioObjects.of(plan).stream()
                .map(object -> Trees.yaml(object.tree()))
                .collect(Collectors.joining("---\n"));
        if (!istio.isEmpty()) {
            files.put("istio.yaml", istio);
        }
        if (plan.configuration().ownership().shoots() == Ownership.Mode.Manage) {
            plan.shoots().forEach(shoot -> files.put("objects/" + shoot.technicalId() + ".yaml", objects(plan, shoot)));
        }
        ShootFiles.of(plan).forEach(f -> files.put("shoots/" + f.path(), OutputFolder.render(f)));
        return files;
    }

    /** What has been decided about it is no manifest: a case's name says it. */
    private static LegacyPort legacyPort(Path folder) {
        return folder.toString().endsWith("legacy-removed") ? LegacyPort.Removed : LegacyPort.Open;
    }

    private static String objects(Plan plan, ShootPlan shoot) {
        var components = plan.configuration().components();
        Stream<ClusterObject> all = Stream.concat(
                ShootObjects.of(shoot, components, OutputFolder::render).all().stream(),
                ProbeJob.of(
                        shoot,
                        components.probeImage(),
                        plan.configuration().rollout().probeTimeout())
                        .stream());
        return all.map(object -> Trees.yaml(object.tree())).collect(Collectors.joining("---\n"));
    }

    private static Map<String, String> existing(Path folder) throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals("in.yaml")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }
}
