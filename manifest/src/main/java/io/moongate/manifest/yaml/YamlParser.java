package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One YAML or JSON document to {@link Value}s. Aliases are shared, not copied, so they cannot be used to blow up. */
public final class YamlParser {
    private static final int MAX_DEPTH = 200;

    private final String file;
    private final int firstLine;
    private final IdentityHashMap<Node, Value> shared = new IdentityHashMap<>();

    private YamlParser(String file, int firstLine) {
        this.file = file;
        this.firstLine = firstLine;
    }

    /** Empty for a document without content. */
    public static Optional<Value> parse(String file, YamlDocuments.Document document) throws InputException {
        return new YamlParser(file, document.firstLine()).parse(document.text());
    }

    private Optional<Value> parse(String text) throws InputException {
        // A size limit would refuse real manifests; files are the operator's own and are read whole anyway.
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setUseMarks(true)
                .build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            throw syntax(e.getProblemMark().or(e::getContextMark), String.valueOf(e.getProblem()));
        } catch (YamlEngineException e) {
            throw syntax(
                    Optional.empty(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable"));
        }
        return root.isEmpty()
                ? Optional.empty()
                : Optional.of(convert(root.get(), 0)).filter(v -> !(v instanceof Value.Null));
    }

    private Value convert(Node node, int depth) throws InputException {
        if (node.isRecursive() || depth > MAX_DEPTH) {
            throw syntax(node.getStartMark(), "nested deeper than " + MAX_DEPTH + " levels or into itself");
        }
        Value known = shared.get(node);
        if (known != null) {
            return known;
        }
        Value value = switch (node) {
            case MappingNode mapping -> mapping(mapping, depth);
            case SequenceNode sequence -> sequence(sequence, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw syntax(node.getStartMark(), "not a value");
        };
        shared.put(node, value);
        return value;
    }

    private Value mapping(MappingNode node, int depth) throws InputException {
        var fields = new LinkedHashMap<String, Value.Field>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw syntax(tuple.getKeyNode().getStartMark(), "a key that is not a plain name");
            }
            var field = new Value.Field(place(key.getStartMark()), convert(tuple.getValueNode(), depth + 1));
            if (fields.put(key.getValue(), field) != null) {
                throw syntax(key.getStartMark(), "key '" + key.getValue() + "' is there twice");
            }
        }
        return new Value.Mapping(place(node.getStartMark()), fields);
    }

    private Value sequence(SequenceNode node, int depth) throws InputException {
        List<Value> items = new ArrayList<>();
        for (Node item : node.getValue()) {
            items.add(convert(item, depth + 1));
        }
        return new Value.Sequence(place(node.getStartMark()), items);
    }

    private Value scalar(ScalarNode node) {
        Place place = place(node.getStartMark());
        return node.getTag().equals(Tag.NULL)
                ? new Value.Null(place)
                : new Value.Scalar(place, node.getValue(), node.isPlain());
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(m -> new Place(file, firstLine + m.getLine() + 1, m.getColumn() + 1))
                .orElse(new Place(file, firstLine + 1, 1));
    }

    private InputException syntax(Optional<Mark> mark, String what) {
        return new InputException(
                Problem.Code.SYNTAX_ERROR,
                place(mark),
                "not valid YAML or JSON: " + what,
                "correct it; until then the last good content stays");
    }
}
