package io.moongate.manifest.write;

import io.moongate.manifest.yaml.KubectlScalars;
import java.io.Serial;
import java.io.StringWriter;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.RepresentToNode;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Trees of maps, lists and scalars to text. */
public final class Trees {
    private static final JsonFactory JSON = new JsonFactory();
    /** All but printable ASCII is escaped: YAML, as which it is read again, knows characters that it does not take. */
    private static final JsonFactory ASCII_JSON = JsonFactory.builder()
            .highestNonEscapedChar('~')
            .characterEscapes(new WithDelete())
            .build();

    private Trees() {}

    public static String yaml(Object tree) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(2)
                .setWidth(160)
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings, new Quoting(settings)).dumpToString(tree);
    }

    /** JSON's own escapes, and the one ASCII character that it leaves as it is although it is not printable. */
    private static final class WithDelete extends CharacterEscapes {
        @Serial
        private static final long serialVersionUID = 1;

        private static final int DELETE = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[DELETE] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    /** Text that kubectl would take for a number, a boolean or nothing is quoted. */
    private static final class Quoting extends StandardRepresenter {
        private Quoting(DumpSettings settings) {
            super(settings);
            RepresentToNode usual = Objects.requireNonNull(representers.get(String.class));
            representers.put(
                    String.class,
                    text -> KubectlScalars.needsQuotes(String.valueOf(text))
                            ? representScalar(Tag.STR, String.valueOf(text), ScalarStyle.SINGLE_QUOTED)
                            : usual.representData(text));
        }
    }

    /** One line, for machines. */
    public static String json(Object tree) {
        return json(ASCII_JSON, tree, ObjectWriteContext.empty());
    }

    public static String prettyJson(Object tree) {
        return json(JSON, tree, new ObjectWriteContext.Base() {
                    @Override
                    public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }

                    @Override
                    public boolean hasPrettyPrinter() {
                        return true;
                    }
                })
                + "\n";
    }

    private static String json(JsonFactory factory, Object tree, ObjectWriteContext context) {
        var out = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(context, out)) {
            write(generator, tree);
        }
        return out.toString();
    }

    private static void write(JsonGenerator generator, Object value) {
        switch (value) {
            case null -> generator.writeNull();
            case Map<?, ?> map -> {
                generator.writeStartObject();
                map.forEach((key, item) -> {
                    generator.writeName(String.valueOf(key));
                    write(generator, item);
                });
                generator.writeEndObject();
            }
            case Iterable<?> list -> {
                generator.writeStartArray();
                list.forEach(item -> write(generator, item));
                generator.writeEndArray();
            }
            case Boolean bool -> generator.writeBoolean(bool);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            default -> generator.writeString(value.toString());
        }
    }
}
