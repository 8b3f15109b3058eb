package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.feature.FeatureGates;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A configuration as a tree with every key written out: what is in force, defaults included. */
public final class ConfigurationView {
    private ConfigurationView() {}

    public static Map<String, Object> of(MoongateConfiguration configuration) {
        return record(configuration);
    }

    private static Map<String, Object> record(Object record) {
        var tree = new LinkedHashMap<String, Object>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                tree.put(component.getName(), plain(component.getAccessor().invoke(record)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return tree;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(ConfigurationView::plain).toList();
            case FeatureGates gates -> new TreeMap<>(gates.set());
            default -> value.getClass().isRecord() && !isScalar(value) ? record(value) : Scalars.toPlain(value);
        };
    }

    private static boolean isScalar(Object value) {
        Class<?> type = value.getClass();
        return Scalars.knows(type) || (type.getInterfaces().length > 0 && Scalars.knows(type.getInterfaces()[0]));
    }
}
