package io.moongate.cli;

import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** JSON as one moongate sends it to another. */
public final class JsonObjects {
    /** Ten thousand shoots are about 10 MB. */
    private static final int LARGEST = 256 << 20;

    private JsonObjects() {}

    /** Empty if it is none. */
    public static Optional<Map<?, ?>> parse(String text) {
        try {
            var settings = LoadSettings.builder()
                    .setCodePointLimit(LARGEST)
                    // JSON has no aliases: a few of them can stand for any number of values.
                    .setMaxAliasesForCollections(0)
                    .build();
            return new Load(settings).loadFromString(text) instanceof Map<?, ?> object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (YamlEngineException | StackOverflowError e) {
            return Optional.empty();
        }
    }
}
