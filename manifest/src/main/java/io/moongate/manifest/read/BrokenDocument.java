package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which object a document is that cannot be parsed, by what its text says at the outermost level. What is said wrongly
 * here could remove an object that is only broken, so that every doubt leads to {@link Unknown}.
 */
public final class BrokenDocument {
    static final Identity UNKNOWN = new Unknown(false);

    private static final Set<String> KINDS =
            Set.of("Shoot", "Seed", "Service", "EndpointSlice", MoongateConfiguration.KIND);
    private static final Pattern YAML_KIND =
            Pattern.compile("(?m)^[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?([A-Za-z]+)[\"']?[ \t]*(?:#.*)?$");
    private static final Pattern JSON_KIND = Pattern.compile("\"kind\"\\s*:\\s*\"([A-Za-z]+)\"");
    private static final Pattern ANY_KIND = Pattern.compile("kind[\"']?\\s*:\\s*[\"']?([A-Za-z]+)");
    private static final Pattern FIELD =
            Pattern.compile("\\s*[\"']?([a-z]+)[\"']?\\s*:\\s*[\"']?([a-z0-9.-]+)[\"']?\\s*(?:#.*)?");
    private static final Pattern FLOW = Pattern.compile("\\{([^{}]*)}\\s*");
    private static final String METADATA = "metadata:";
    private static final Pattern OURS = Pattern.compile("(?i)moongate[a-z]|config\\.mo");
    private static final Pattern NO_MAPPING = Pattern.compile("(?m)^(?:[{\\[]|- )");

    private BrokenDocument() {}

    /** What can be known of a broken document. */
    public sealed interface Identity {
        /** Whether it may be the configuration. */
        default boolean mayConfigure() {
            return switch (this) {
                case Known(ObjectRef ref) -> ref.kind().equals(MoongateConfiguration.KIND);
                case Unknown(boolean configuration) -> configuration;
                case NotRead none -> false;
            };
        }
    }

    /** One of ours: its last good version stays. */
    public record Known(ObjectRef ref) implements Identity {}

    /** Of a kind that is not read: nothing depends on it. */
    public record NotRead() implements Identity {}

    /**
     * It may be any object of its file.
     *
     * @param configuration also one of ours that was never taken
     */
    public record Unknown(boolean configuration) implements Identity {}

    /** Whether a text that cannot be taken may be a configuration: it has a name of ours, or the beginning of one. */
    public static boolean mayConfigure(String text) {
        // UTF-16 has a NUL beside each letter.
        return OURS.matcher(text.replace("\0", "")).find();
    }

    static Identity of(Optional<ObjectRef> ref) {
        return ref.<Identity>map(Known::new).orElse(UNKNOWN);
    }

    static Identity identify(String text) {
        List<String> kinds = Stream.of(YAML_KIND, JSON_KIND)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1))
                .distinct()
                .toList();
        // A broken configuration must be known as one: to go on without it would open what it restricts.
        boolean ours = mayConfigure(text);
        Identity unknown = new Unknown(ours);
        boolean several = ANY_KIND.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .anyMatch(kind -> KINDS.contains(kind) && !kinds.contains(kind))
                // Between two objects of different styles the boundary is missing.
                || (YAML_KIND.matcher(text).find() && NO_MAPPING.matcher(text).find());
        if (kinds.size() != 1 || several) {
            return unknown;
        }
        String kind = kinds.getFirst();
        if (kind.equals(MoongateConfiguration.KIND)) {
            return new Known(Manifest.OfConfiguration.REF);
        }
        if (ours || kind.endsWith("List")) {
            return unknown;
        }
        return KINDS.contains(kind) ? named(kind, text) : new NotRead();
    }

    private static Identity named(String kind, String text) {
        List<String> lines = text.lines().toList();
        List<Integer> at = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).startsWith(METADATA))
                .boxed()
                .toList();
        if (at.size() != 1) {
            return UNKNOWN;
        }
        String behind = lines.get(at.getFirst()).substring(METADATA.length()).strip();
        Matcher flow = FLOW.matcher(behind);
        boolean isFlow = flow.matches();
        if (!isFlow && !behind.isEmpty()) {
            return UNKNOWN;
        }
        List<String> fields = isFlow
                ? List.of(flow.group(1).split(",", -1))
                : ownLevel(lines.subList(at.getFirst() + 1, lines.size()));
        List<String> names = values(fields, "name");
        List<String> namespaces = values(fields, "namespace");
        if (names.size() != 1 || namespaces.size() > 1) {
            return UNKNOWN;
        }
        String namespace = namespaces.isEmpty() ? "default" : namespaces.getFirst();
        return new Known(new ObjectRef(kind, ManifestReader.isNamespaced(kind) ? namespace : "", names.getFirst()));
    }

    /** The lines of a block mapping with its smallest indentation. */
    private static List<String> ownLevel(List<String> below) {
        List<String> block = below.stream()
                .takeWhile(line -> line.isBlank() || line.startsWith(" "))
                .filter(line -> !line.isBlank())
                .toList();
        int indent = block.stream().mapToInt(BrokenDocument::indent).min().orElse(0);
        return block.stream().filter(line -> indent(line) == indent).toList();
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static List<String> values(List<String> fields, String name) {
        return fields.stream()
                .map(FIELD::matcher)
                .filter(field -> field.matches() && field.group(1).equals(name))
                .map(field -> field.group(2))
                .toList();
    }
}
