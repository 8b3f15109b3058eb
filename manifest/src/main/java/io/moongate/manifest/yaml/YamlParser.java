package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One YAML or JSON document to {@link Value}s, event by event and without recursion, so that no input can use up the
 * stack. Aliases are shared, not copied, and each counts as all that it stands for: whoever reads the values reads them
 * as often as they are named.
 */
public final class YamlParser {
    /** Levels of mappings and lists. A Gardener Shoot has about 12. */
    public static final int MAX_DEPTH = 100;

    private static final int SMALLEST_BUFFER = 16;
    /** The key of YAML 1.1 whose value is a mapping that is put into the one around it. */
    private static final String MERGE = "<<";

    static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final String file;
    private final int firstLine;
    private final Limit limit;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    /** By how many are open: how many levels the innermost of them has within it until now. */
    private final int[] heights = new int[MAX_DEPTH + 2];

    private @Nullable Value root;
    private int values;

    private YamlParser(String file, int firstLine, Limit limit) {
        this.file = file;
        this.firstLine = firstLine;
        this.limit = limit;
    }

    /**
     * @param values how many values it stands for, itself included
     * @param height how many levels it has
     */
    private record Anchored(Value value, int values, int height) {}

    /** A mapping or list whose end has not come yet. */
    private interface Open {
        Optional<String> anchor();

        /** How many values of the document came before it. */
        int before();

        void add(Value value) throws InputException;

        Value close();
    }

    /**
     * Empty for a document without content.
     *
     * @param limit of mappings, lists, keys and single values
     */
    public static Optional<Value> parse(String file, YamlDocuments.Document document, Limit limit)
            throws InputException {
        return new YamlParser(file, document.firstLine(), limit).parse(document.text());
    }

    private Optional<Value> parse(String text) throws InputException {
        // How large a file may be is decided before it is read.
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setUseMarks(true)
                // With its small default a long line is copied again for each piece of it.
                .setBufferSize(Math.max(text.length(), SMALLEST_BUFFER))
                .build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                take(event);
            }
        } catch (MarkedYamlEngineException e) {
            throw syntax(e.getProblemMark().or(e::getContextMark), String.valueOf(e.getProblem()));
        } catch (YamlEngineException e) {
            throw syntax(
                    Optional.empty(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable"));
        } catch (RuntimeException e) {
            // A defect of the library costs this document, and no other.
            throw syntax(Optional.empty(), "the parser failed with " + e);
        }
        return Optional.ofNullable(root).filter(v -> !(v instanceof Value.Null));
    }

    private void take(Event event) throws InputException {
        switch (event) {
            case DocumentStartEvent start -> {
                if (root != null) {
                    throw syntax(start.getStartMark(), "a second document without '---' before it");
                }
            }
            case AliasEvent alias -> {
                Anchored known = anchors.get(alias.getAlias().getValue());
                if (known == null) {
                    throw syntax(alias.getStartMark(), "alias '" + alias.getAlias() + "' is unknown, or within itself");
                }
                count(alias, known.values());
                if (open.size() + known.height() > MAX_DEPTH) {
                    throw tooDeep(alias);
                }
                rise(known.height());
                add(known.value());
            }
            case ScalarEvent scalar -> {
                count(scalar, 1);
                Value value = scalar(scalar);
                anchorOf(scalar).ifPresent(anchor -> anchors.put(anchor, new Anchored(value, 1, 0)));
                add(value);
            }
            case CollectionStartEvent start -> begin(start);
            case CollectionEndEvent end -> end();
            default -> {
                // Start and end of the stream and of the document.
            }
        }
    }

    private void begin(CollectionStartEvent start) throws InputException {
        int before = values;
        count(start, 1);
        if (open.size() == MAX_DEPTH) {
            throw tooDeep(start);
        }
        Place place = place(start.getStartMark());
        Optional<String> anchor = anchorOf(start);
        open.push(
                start instanceof MappingStartEvent
                        ? new OpenMapping(place, anchor, before)
                        : new OpenList(place, anchor, before));
        heights[open.size()] = 0;
    }

    private void rise(int height) {
        heights[open.size()] = Math.max(heights[open.size()], height);
    }

    private InputException tooDeep(Event event) {
        return tooMuch(event, "the document is nested deeper than " + MAX_DEPTH + " levels", "");
    }

    private void end() throws InputException {
        Open closed = open.pop();
        Value value = closed.close();
        int height = heights[open.size() + 1] + 1;
        rise(height);
        closed.anchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(value, values - closed.before(), height)));
        add(value);
    }

    private void add(Value value) throws InputException {
        Open parent = open.peek();
        if (parent == null) {
            root = value;
        } else {
            parent.add(value);
        }
    }

    private void count(Event event, int more) throws InputException {
        values += more;
        if (values > limit.most()) {
            throw tooMuch(event, "the document has more than " + limit.most() + " values", limit.orRaise());
        }
    }

    private static Optional<String> anchorOf(NodeEvent event) {
        return event.getAnchor().map(anchor -> anchor.getValue());
    }

    private Value scalar(ScalarEvent event) {
        Place place = place(event.getStartMark());
        boolean bare = event.isPlain() && event.getTag().isEmpty();
        return bare && NULLS.contains(event.getValue())
                ? new Value.Null(place)
                : new Value.Scalar(place, event.getValue(), event.isPlain());
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(m -> new Place(file, firstLine + m.getLine() + 1, m.getColumn() + 1))
                .orElse(new Place(file, firstLine + 1, 1));
    }

    private InputException syntax(Optional<Mark> mark, String what) {
        return syntax(place(mark), what);
    }

    private static InputException syntax(Place place, String what) {
        return new InputException(
                Problem.Code.SYNTAX_ERROR,
                place,
                "not valid YAML or JSON: " + what,
                "correct it; until then the last good content stays");
    }

    private InputException tooMuch(Event event, String what, String orElse) {
        return new InputException(
                Problem.Code.LIMIT_EXCEEDED,
                place(event.getStartMark()),
                what,
                "make it smaller" + orElse + "; until then the last good content stays");
    }

    private static final class OpenList implements Open {
        private final Place place;
        private final Optional<String> anchor;
        private final int before;
        private final List<Value> items = new ArrayList<>();

        private OpenList(Place place, Optional<String> anchor, int before) {
            this.place = place;
            this.anchor = anchor;
            this.before = before;
        }

        @Override
        public int before() {
            return before;
        }

        @Override
        public Optional<String> anchor() {
            return anchor;
        }

        @Override
        public void add(Value value) {
            items.add(value);
        }

        @Override
        public Value close() {
            return new Value.Sequence(place, items);
        }
    }

    /** Takes keys and values in turn. */
    private static final class OpenMapping implements Open {
        private final Place place;
        private final Optional<String> anchor;
        private final int before;
        private final Map<String, Value.Field> fields = new LinkedHashMap<>();
        /** The keys that a merge has brought: another merge, or the mapping itself, may say them again. */
        private final Set<String> merged = new HashSet<>();

        private Value.@Nullable Scalar key;

        private OpenMapping(Place place, Optional<String> anchor, int before) {
            this.place = place;
            this.anchor = anchor;
            this.before = before;
        }

        @Override
        public int before() {
            return before;
        }

        @Override
        public Optional<String> anchor() {
            return anchor;
        }

        @Override
        public void add(Value value) throws InputException {
            if (key == null) {
                key = keyOf(value);
                return;
            }
            if (key.plain() && key.text().equals(MERGE)) {
                merge(key, value);
            } else if (fields.put(key.text(), new Value.Field(key.place(), value)) != null
                    && !merged.remove(key.text())) {
                throw syntax(key.place(), "key '" + key.text() + "' is there twice");
            }
            key = null;
        }

        /** As kubectl does: what comes later counts, and of a list what comes first. */
        private void merge(Value.Scalar at, Value value) throws InputException {
            List<Value> all = value instanceof Value.Sequence list ? list.items() : List.of(value);
            for (Value one : all.reversed()) {
                if (!(one instanceof Value.Mapping mapping)) {
                    throw syntax(at.place(), "'<<' needs a mapping, or a list of mappings");
                }
                fields.putAll(mapping.fields());
                merged.addAll(mapping.fields().keySet());
            }
        }

        private static Value.Scalar keyOf(Value value) throws InputException {
            return switch (value) {
                case Value.Scalar scalar -> scalar;
                case Value.Null empty -> new Value.Scalar(empty.place(), "", true);
                default -> throw syntax(value.place(), "a key that is not a plain name");
            };
        }

        @Override
        public Value close() {
            return new Value.Mapping(place, fields);
        }
    }
}
