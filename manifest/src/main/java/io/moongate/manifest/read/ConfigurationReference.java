package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Parameter;
import io.moongate.model.config.Port;
import io.moongate.model.feature.Feature;
import io.moongate.model.feature.FeatureGates;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/** The reference page of the configuration, from the same declarations by which it is read. */
public final class ConfigurationReference {
    private final StringBuilder rows = new StringBuilder();

    private ConfigurationReference() {}

    public static String markdown() {
        var reference = new ConfigurationReference();
        reference.walk(MoongateConfiguration.class, "", OptionalInt.empty());
        var gates = new StringBuilder();
        for (Feature feature : Feature.values()) {
            gates.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            feature.gate(),
                            feature.stage().name().toLowerCase(Locale.ROOT),
                            feature.byDefault(),
                            feature.doc()));
        }
        return """
                # Configuration reference

                Generated from the declarations in `model` by `./verify --update`; edits are overwritten.

                One document of kind `%s`, `apiVersion: %s`, anywhere in the landscape folder. Every key can be left out.
                Unknown keys are errors. Durations are written as `500ms`, `10s`, `1m30s`, `24h`.

                | key | type | default | meaning |
                |---|---|---|---|
                %s
                ## Feature gates

                Also on the command line, where they are stronger: `--feature-gates=Name=true,Other=false`.

                | gate | stage | default | effect |
                |---|---|---|---|
                %s""".formatted(MoongateConfiguration.KIND, MoongateConfiguration.API_VERSION, reference.rows, gates);
    }

    private void walk(Class<?> type, String path, OptionalInt portDefault) {
        for (RecordComponent component : type.getRecordComponents()) {
            Parameter parameter = component.getAnnotation(Parameter.class);
            String key = path.isEmpty() ? component.getName() : path + "." + component.getName();
            Class<?> nested = component.getType();
            boolean group = nested.isRecord() && !Scalars.knows(nested) && !nested.equals(FeatureGates.class);
            row(
                    key,
                    group ? "" : typeOf(component.getGenericType()),
                    byDefault(component, parameter, group, portDefault),
                    bounds(component, parameter));
            Port port = component.getAnnotation(Port.class);
            if (group) {
                walk(nested, key, port == null ? OptionalInt.empty() : OptionalInt.of(port.value()));
            } else if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> item
                    && item.isRecord()
                    && !Scalars.knows(item)) {
                walk(item, key + "[]", OptionalInt.empty());
            }
        }
    }

    private void row(String key, String type, String byDefault, String doc) {
        rows.append("| `%s` | %s | %s | %s |\n"
                .formatted(key, type, byDefault.isEmpty() ? "" : "`" + byDefault + "`", doc));
    }

    private static String byDefault(
            RecordComponent component, Parameter parameter, boolean group, OptionalInt portDefault) {
        if (group || parameter.required()) {
            return parameter.required() ? "required" : "";
        }
        boolean port = component.getName().equals("port") && portDefault.isPresent();
        return port ? Integer.toString(portDefault.getAsInt()) : parameter.value();
    }

    private static String bounds(RecordComponent component, Parameter parameter) {
        String unit = component.getType().equals(Duration.class) ? " s" : "";
        String doc = parameter.doc();
        if (parameter.min() > 0) {
            doc += " At least " + parameter.min() + unit + ".";
        }
        if (parameter.max() < Long.MAX_VALUE) {
            doc += " At most " + parameter.max() + unit + ".";
        }
        return doc;
    }

    private static String typeOf(Type type) {
        if (type instanceof ParameterizedType list) {
            return "list of " + typeOf(list.getActualTypeArguments()[0]);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Scalars.names(plain);
        }
        return switch (plain.getSimpleName()) {
            case "int" -> "number";
            case "String" -> "text";
            case "Duration" -> "duration";
            case "Instant" -> "time";
            case "TunnelLimit" -> "`auto` or number";
            case "Cidr" -> "address range";
            case "ShootKey" -> "namespace/name";
            case "FeatureGates" -> "map of name to true or false";
            default -> "entries";
        };
    }
}
