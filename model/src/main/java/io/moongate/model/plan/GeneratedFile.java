package io.moongate.model.plan;

import java.util.Map;

/** A file for a target, as a path below the output folder and what goes into it. */
public record GeneratedFile(String path, Content content) {
    /** Either text as it is, or a tree of maps, lists and scalars to be written as YAML. */
    public sealed interface Content {
        record Text(String text) implements Content {}

        record Document(String comment, Map<String, Object> tree) implements Content {}
    }
}
