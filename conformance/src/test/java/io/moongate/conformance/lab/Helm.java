package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real helm and our chart. */
public final class Helm {
    public static final String NAMESPACE = "moongate-system";

    private static final Path CHART = Path.of("..", "deploy", "chart");

    private Helm() {}

    public static String template(Path values) throws IOException {
        return run("template", "moongate", CHART.toString(), "--namespace", NAMESPACE, "--values", values.toString());
    }

    public static String lint(Path values) throws IOException {
        return run("lint", "--strict", CHART.toString(), "--values", values.toString());
    }

    private static String run(String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("servers.folder"), "helm").toString()));
        command.addAll(List.of(arguments));
        return Lab.run(command.toArray(String[]::new));
    }
}
