package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which object a document is that cannot be parsed, by what its text says at the outermost level. What is said wrongly
 * here could remove an object that is only broken, so that every doubt leads to {@link Unknown}.
 */
public final class BrokenDocument {
    static final Identity UNKNOWN = new Unknown();

    private static final Set<String> KINDS =
            Set.of("Shoot", "Seed", "Service", "EndpointSlice", MoongateConfiguration.KIND);
    private static final Pattern YAML_KIND =
            Pattern.compile("(?m)^[\"']?kind[\"']?\\s*:\\s*[\"']?([A-Za-z]+)[\"']?\\s*(?:#.*)?$");
    private static final Pattern JSON_KIND = Pattern.compile("\"kind\"\\s*:\\s*\"([A-Za-z]+)\"");
    private static final Pattern ANY_KIND = Pattern.compile("kind[\"']?\\s*:\\s*[\"']?([A-Za-z]+)");
    private static final Pattern METADATA =
            Pattern.compile("(?m)^metadata\\s*:\\s*(?:\\{([^{}\n]*)}\\s*$|\\s*((?:\n[ \\t]+.*|\n[ \\t]*)+))");

    private BrokenDocument() {}

    /** What can be known of a broken document. */
    public sealed interface Identity {}

    /** One of ours: its last good version stays. */
    public record Known(ObjectRef ref) implements Identity {}

    /** Of a kind that is not read: nothing depends on it. */
    public record NotRead() implements Identity {}

    /** It may be any object of its file. */
    public record Unknown() implements Identity {}

    static Identity of(Optional<ObjectRef> ref) {
        return ref.<Identity>map(Known::new).orElse(UNKNOWN);
    }

    static Identity identify(String text) {
        // A broken configuration must be known as one: to go on without it would open what it restricts.
        List<String> kinds = Stream.of(YAML_KIND, JSON_KIND)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1))
                .distinct()
                .toList();
        if (kinds.contains(MoongateConfiguration.KIND)) {
            return new Known(new ObjectRef(MoongateConfiguration.KIND, "", ""));
        }
        List<String> any = ANY_KIND.matcher(text)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        if (kinds.size() != 1 || any.stream().anyMatch(kind -> KINDS.contains(kind) && !kinds.contains(kind))) {
            return UNKNOWN;
        }
        String kind = kinds.getFirst();
        if (kind.endsWith("List")) {
            return UNKNOWN;
        }
        return KINDS.contains(kind) ? named(kind, text) : new NotRead();
    }

    private static Identity named(String kind, String text) {
        Matcher metadata = METADATA.matcher(text);
        if (!metadata.find()) {
            return UNKNOWN;
        }
        boolean flow = metadata.group(1) != null;
        String fields = flow ? metadata.group(1) : metadata.group(2);
        Optional<String> name = field(fields, "name", flow);
        if (name.isEmpty() || metadata.find()) {
            return UNKNOWN;
        }
        String namespace = ManifestReader.isNamespaced(kind)
                ? field(fields, "namespace", flow).orElse("default")
                : "";
        return new Known(new ObjectRef(kind, namespace, name.get()));
    }

    /** At the metadata's own level: the smallest indentation of a block. */
    private static Optional<String> field(String fields, String name, boolean flow) {
        int indent = fields.lines()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        String start = flow ? "(?:^|,)\\s*" : "(?m)^[ \\t]{" + indent + "}";
        Matcher found = Pattern.compile(
                        start + "[\"']?" + name + "[\"']?\\s*:\\s*[\"']?([a-z0-9.-]+)[\"']?\\s*(?:#.*)?(?:$|,)")
                .matcher(fields);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
