package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Our own entries in a Shoot's status; whoever has written others there is none of our business. */
final class ConditionReader {
    private ConditionReader() {}

    /** Empty also where it is not as we write it: then it is written anew. */
    static Optional<Condition> find(Fields status, String list, String type) throws InputException {
        Optional<Fields> entry = entry(status, list, type);
        return entry.isPresent() ? read(entry.get()) : Optional.empty();
    }

    /** With whatever reason, and without times if need be: others write it as well. */
    static Optional<Declaration> declared(Fields status) throws InputException {
        Optional<Fields> entry = entry(status, "conditions", Condition.TYPE);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = entry.get();
        return Optional.of(new Declaration(
                constant(Condition.Status.values(), fields.string("status")).orElse(Condition.Status.Unknown),
                fields.string("reason").orElse(""),
                fields.string("message").orElse(""),
                instant(fields.string("lastTransitionTime"))));
    }

    private static Optional<Fields> entry(Fields status, String list, String type) throws InputException {
        for (Fields entry : status.children(list)) {
            if (entry.string("type").equals(Optional.of(type))) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static Optional<Condition> read(Fields entry) throws InputException {
        Optional<Condition.Status> status = constant(Condition.Status.values(), entry.string("status"));
        Optional<Reason> reason = constant(Reason.values(), entry.string("reason"));
        Optional<Instant> transition = instant(entry.string("lastTransitionTime"));
        Optional<Instant> update = instant(entry.string("lastUpdateTime"));
        if (status.isEmpty() || reason.isEmpty() || transition.isEmpty() || update.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Condition(
                status.get(), reason.get(), entry.string("message").orElse(""), transition.get(), update.get()));
    }

    private static <E extends Enum<E>> Optional<E> constant(E[] all, Optional<String> name) {
        return Arrays.stream(all)
                .filter(e -> Optional.of(e.name()).equals(name))
                .findFirst();
    }

    private static Optional<Instant> instant(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
