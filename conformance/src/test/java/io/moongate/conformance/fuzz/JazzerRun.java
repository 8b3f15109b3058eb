package io.moongate.conformance.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs Jazzer on one target, in a process of its own because it instruments the JVM. */
final class JazzerRun {
    /** Far above what any input takes, and far below what a client would wait. */
    private static final int SECONDS_PER_INPUT = 10;

    private final Target target;
    private final Path folder;

    /** @param folder for the corpus and for what is found; emptied first */
    JazzerRun(Target target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    /**
     * What a run has shown.
     *
     * @param exit 0 if nothing was found
     * @param runs inputs tried
     * @param edges of instrumented code that were covered
     * @param found files with the inputs that failed
     */
    record Outcome(int exit, String output, long runs, long edges, List<Path> found) {}

    Outcome run(String seconds) throws IOException, InterruptedException {
        empty(folder);
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path found = Files.createDirectories(folder.resolve("found"));
        for (Map.Entry<String, byte[]> seed : Cases.of(target).entrySet()) {
            Files.write(corpus.resolve(seed.getKey()), seed.getValue());
        }
        Path log = folder.resolve("log.txt");
        Process fuzzer = new ProcessBuilder(command(seconds, corpus, found))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit;
        try {
            exit = fuzzer.waitFor();
        } finally {
            fuzzer.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.ISO_8859_1);
        try (var files = Files.list(found)) {
            return new Outcome(
                    exit, output, last("#(\\d+)\\s+DONE", output), last("DONE\\s+cov: (\\d+)", output), files.toList());
        }
    }

    private List<String> command(String seconds, Path corpus, Path found) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-Dio.netty.leakDetection.level=paranoid",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.fuzzer().getName(),
                "--instrumentation_includes=" + target.packages(),
                "--custom_hook_includes=" + target.packages(),
                // Sockets are what a gateway is for.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + seconds,
                // The same inputs each time, so that a run that passes passes again; 0 takes others each time.
                "-seed=" + System.getProperty("fuzz.seed", "1"),
                "-timeout=" + SECONDS_PER_INPUT,
                "-max_len=" + target.floor().longest()));
        Cases.dictionary(target).ifPresent(words -> command.add("-dict=" + words.toAbsolutePath()));
        command.add(corpus.toString());
        return command;
    }

    private static long last(String pattern, String output) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        long value = 0;
        while (matcher.find()) {
            value = Long.parseLong(matcher.group(1));
        }
        return value;
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(folder);
    }
}
