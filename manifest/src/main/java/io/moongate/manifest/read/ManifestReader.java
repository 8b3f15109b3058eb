package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.manifest.yaml.PlainValues;
import io.moongate.manifest.yaml.Value;
import io.moongate.manifest.yaml.YamlDocuments;
import io.moongate.manifest.yaml.YamlParser;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One file's text to the objects in it; each document and each object stands or falls for itself. */
public final class ManifestReader {
    /** In one file, also empty ones. */
    static final int MAX_DOCUMENTS = 100_000;

    private static final String OUR_GROUP = "moongate.io";
    private static final String GARDEN = "core.gardener.cloud/v1beta1";
    private static final String DISCOVERY = "discovery.k8s.io/v1";
    private static final Set<String> NAMESPACED = Set.of("Shoot", "Service", "EndpointSlice");

    private final String file;
    private final List<Manifest> good = new ArrayList<>();
    private final List<BrokenDocument.Identity> failures = new ArrayList<>();
    private final BoundedProblems problems;
    private final InputLimits limits;
    private int weight;

    private ManifestReader(String file, InputLimits limits) {
        this.file = file;
        this.limits = limits;
        this.problems = BoundedProblems.ofFile(file);
    }

    /**
     * What a file held.
     *
     * @param failures documents and objects that could not be taken, as far as it can be known which they are
     * @param problems with these, and with what of the good ones was not taken
     * @param empty whether there was nothing in it at all
     * @param overfull whether nothing of it was taken, as it has more objects than there is room for
     */
    public record Contents(
            List<Manifest> good,
            List<BrokenDocument.Identity> failures,
            List<Problem> problems,
            boolean empty,
            boolean overfull) {
        /** Whether what could not be taken may be the configuration. */
        public boolean hidesConfiguration() {
            return failures.stream().anyMatch(BrokenDocument.Identity::mayConfigure);
        }

        /** Nothing that could be taken. */
        public static Contents failed(List<Problem> problems) {
            return new Contents(List.of(), List.of(new BrokenDocument.Unknown(true)), problems, false, false);
        }
    }

    public static Contents read(String file, String text) {
        return read(file, text, InputLimits.ofProcess());
    }

    public static Contents read(String file, String text, InputLimits limits) {
        var reader = new ManifestReader(file, limits);
        boolean empty = true;
        List<YamlDocuments.Document> documents = YamlDocuments.split(text);
        if (documents.size() > MAX_DOCUMENTS) {
            return Contents.failed(List.of(Problem.at(
                    Problem.Code.LIMIT_EXCEEDED,
                    Place.wholeFile(file),
                    "the file has more than " + MAX_DOCUMENTS + " documents; all it held stays in force",
                    "split it")));
        }
        for (var document : documents) {
            if (reader.isOverfull()) {
                break;
            }
            try {
                Optional<Value> value = YamlParser.parse(file, document, limits.values());
                if (value.isPresent()) {
                    empty = false;
                    reader.readDocument(value.get());
                }
            } catch (InputException e) {
                empty = false;
                reader.failed(BrokenDocument.identify(document.text()), e.problems());
            }
        }
        return reader.isOverfull() ? reader.overfull(text) : reader.contents(empty);
    }

    /**
     * One object as an API server gives it.
     *
     * @param source what problems name as their place
     */
    public static Contents read(String source, Map<String, Object> object) {
        var reader = new ManifestReader(source, InputLimits.ofProcess());
        try {
            reader.readDocument(PlainValues.of(object, Place.wholeFile(source)));
        } catch (InputException e) {
            reader.failed(BrokenDocument.UNKNOWN, e.problems());
        }
        return reader.contents(false);
    }

    private Contents contents(boolean empty) {
        return new Contents(good, failures, problems.list(), empty, false);
    }

    private boolean isOverfull() {
        return weight > limits.objects().most();
    }

    private Contents overfull(String text) {
        Problem problem = Problem.at(
                Problem.Code.LIMIT_EXCEEDED,
                Place.wholeFile(file),
                "with the file there are more objects than the "
                        + limits.objects().most() + " for which there is room; all it held stays in force",
                "remove objects" + limits.objects().orRaise());
        var unknown = new BrokenDocument.Unknown(BrokenDocument.mayConfigure(text));
        return new Contents(List.of(), List.of(unknown), List.of(problem), false, true);
    }

    private void take(Manifest manifest) {
        weight += manifest.weight();
        // What there is no room for must not be kept until the end of the file.
        if (!isOverfull()) {
            good.add(manifest);
        }
    }

    private void failed(BrokenDocument.Identity what, List<Problem> why) {
        failures.add(what);
        problems.addAll(why);
    }

    private void readDocument(Value value) throws InputException {
        if (!(value instanceof Value.Mapping mapping)) {
            throw new InputException(
                    Problem.Code.SYNTAX_ERROR,
                    value.place(),
                    "not a manifest",
                    "a document must be a mapping with apiVersion and kind");
        }
        Fields fields = Fields.of(mapping);
        String kind = fields.required("kind");
        readAny(mapping, fields, kind);
    }

    private void readAny(Value.Mapping mapping, Fields fields, String kind) throws InputException {
        if (kind.endsWith("List")) {
            readItems(fields, kind);
        } else {
            readObject(mapping, fields, kind);
        }
    }

    /** What {@code kubectl get -o yaml} writes. Items of a typed list may leave their kind out. */
    private void readItems(Fields list, String listKind) throws InputException {
        String implied = listKind.substring(0, listKind.length() - "List".length());
        Value all = list.get("items").orElse(null);
        if (all instanceof Value.Mapping mapping) {
            throw new InputException(
                    Problem.Code.INVALID_VALUE, mapping.place(), "items is not a list", "put a dash before each item");
        }
        if (all instanceof Value.Sequence items) {
            for (Value item : items.items()) {
                if (item instanceof Value.Mapping mapping) {
                    Fields fields = Fields.of(mapping);
                    readAny(mapping, fields, fields.string("kind").orElse(implied));
                } else {
                    failed(
                            new BrokenDocument.Unknown(implied.isEmpty()),
                            List.of(Problem.at(
                                    Problem.Code.INVALID_VALUE,
                                    item.place(),
                                    "an item that is not a mapping",
                                    "correct it")));
                }
            }
        }
    }

    private void readObject(Value.Mapping mapping, Fields fields, String kind) {
        Optional<ObjectRef> ref = Optional.empty();
        try {
            ref = refOf(fields, kind);
            var ignored = BoundedProblems.ofObject(mapping.place());
            Optional<Manifest> manifest = convert(mapping, fields, kind, ignored);
            manifest.ifPresent(this::take);
            problems.addAll(about(ref, ignored.list()));
        } catch (InputException e) {
            failed(BrokenDocument.of(ref), about(ref, e.problems()));
        } catch (RuntimeException | StackOverflowError e) {
            // The model's constructors check what they are given; their message says what, the place is the object's.
            String what = e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : e.toString();
            Problem problem = Problem.at(Problem.Code.INVALID_VALUE, mapping.place(), what, "correct it");
            failed(BrokenDocument.of(ref), about(ref, List.of(problem)));
        }
    }

    private static List<Problem> about(Optional<ObjectRef> ref, List<Problem> problems) {
        return problems.stream().map(p -> ref.map(p::about).orElse(p)).toList();
    }

    private static Optional<ObjectRef> refOf(Fields fields, String kind) throws InputException {
        // Whatever is wrong with a name of ours, it was meant to be the configuration.
        boolean ours = fields.string("apiVersion").orElse("").contains(OUR_GROUP);
        if (ours || kind.equals(MoongateConfiguration.KIND)) {
            return Optional.of(Manifest.OfConfiguration.REF);
        }
        Fields metadata = fields.child("metadata");
        String namespace = NAMESPACED.contains(kind) ? Names.namespaceAsWritten(metadata) : "";
        return metadata.string("name").map(name -> new ObjectRef(kind, namespace, name));
    }

    /** Empty for kinds that are none of our business. */
    private Optional<Manifest> convert(Value.Mapping mapping, Fields fields, String kind, BoundedProblems ignored)
            throws InputException {
        String apiVersion = fields.string("apiVersion").orElse(defaultVersion(kind));
        return switch (apiVersion + " " + kind) {
            case GARDEN + " Shoot" -> Optional.of(new Manifest.OfShoot(ShootReader.read(fields)));
            case GARDEN + " Seed" -> Optional.of(new Manifest.OfSeed(SeedObjects.seed(fields)));
            case "v1 Service" -> Optional.of(new Manifest.OfService(SeedObjects.service(fields, ignored)));
            case DISCOVERY + " EndpointSlice" ->
                SeedObjects.endpointSlice(fields, ignored).map(Manifest.OfEndpointSlice::new);
            case MoongateConfiguration.API_VERSION + " " + MoongateConfiguration.KIND ->
                Optional.of(new Manifest.OfConfiguration(ConfigurationReader.read(mapping)));
            default -> {
                refuseOwnUnknown(fields, apiVersion, kind);
                yield Optional.empty();
            }
        };
    }

    static boolean isNamespaced(String kind) {
        return NAMESPACED.contains(kind);
    }

    private static String defaultVersion(String kind) {
        return switch (kind) {
            case "Shoot", "Seed" -> GARDEN;
            case "Service" -> "v1";
            case "EndpointSlice" -> DISCOVERY;
            default -> "";
        };
    }

    private void refuseOwnUnknown(Fields fields, String apiVersion, String kind) throws InputException {
        if (apiVersion.contains(OUR_GROUP) || kind.equals(MoongateConfiguration.KIND)) {
            throw new InputException(
                    Problem.Code.UNKNOWN_KIND,
                    fields.place(),
                    "kind " + kind + " of " + (apiVersion.isEmpty() ? "no apiVersion" : apiVersion)
                            + " is not known in " + file,
                    "use " + MoongateConfiguration.KIND + " of " + MoongateConfiguration.API_VERSION);
        }
        if (apiVersion.startsWith("core.gardener.cloud/") && (kind.equals("Shoot") || kind.equals("Seed"))) {
            throw new InputException(
                    Problem.Code.UNKNOWN_KIND,
                    fields.place(),
                    "version " + apiVersion + " of " + kind + " is not read",
                    "give it as " + GARDEN);
        }
    }
}
