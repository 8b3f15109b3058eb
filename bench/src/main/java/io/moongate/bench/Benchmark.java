package io.moongate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code Benchmark LAUNCHER ENVOY HAPROXY}: starts all three, loads each in turn, prints medians and ratios. */
public final class Benchmark {
    private static final int ROUNDS = 5;

    private Benchmark() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("moongate-bench");
        try (var server = new Server();
                var moongate = Subject.moongate(folder, Path.of(args[0]), server.port());
                var envoy = Subject.envoy(folder, Path.of(args[1]), server.port());
                var haproxy = Subject.haproxy(folder, Path.of(args[2]), server.port())) {
            List<Subject> subjects = List.of(moongate, envoy, haproxy);
            for (Load load : Load.values()) {
                print(load, measure(load, subjects));
            }
        } finally {
            delete(folder);
        }
    }

    /** All subjects in each round, so that whatever disturbs the machine disturbs each of them. */
    private static Map<Subject, double[]> measure(Load load, List<Subject> subjects) throws Exception {
        Map<Subject, double[]> figures = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            load.run(subject);
            figures.put(subject, new double[ROUNDS]);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<Subject, double[]> entry : figures.entrySet()) {
                entry.getValue()[round] = load.run(entry.getKey());
            }
        }
        return figures;
    }

    private static void print(Load load, Map<Subject, double[]> figures) {
        var lines = new ArrayList<String>();
        double first = 0;
        for (Map.Entry<Subject, double[]> entry : figures.entrySet()) {
            double[] sorted = entry.getValue().clone();
            Arrays.sort(sorted);
            double median = sorted[sorted.length / 2];
            first = first == 0 ? median : first;
            lines.add("  %-10s %12.1f   (%.1f to %.1f)   Moongate / this: %.2f"
                    .formatted(entry.getKey().name(), median, sorted[0], sorted[sorted.length - 1], first / median));
        }
        System.out.printf(Locale.ROOT, "%n%s%n%s%n", load.title(), String.join("\n", lines));
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
