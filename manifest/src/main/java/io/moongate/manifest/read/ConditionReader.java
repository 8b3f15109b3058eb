package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The two entries of a Shoot's status that are about the unified port: those of Moongate, and those of others. */
final class ConditionReader {
    private final Fields status;
    private final EntryAuthors authors;

    ConditionReader(Fields metadata, Fields status) throws InputException {
        this.status = status;
        this.authors = new EntryAuthors(metadata);
    }

    /** Only what Moongate has written. */
    Adoption adoption() throws InputException {
        return new Adoption(own(Declaration.Entry.CONDITION), own(Declaration.Entry.CONSTRAINT));
    }

    /** Whatever the author is, with any reason, and without times if need be. */
    Declarations declarations() throws InputException {
        return new Declarations(declared(Declaration.Entry.CONDITION), declared(Declaration.Entry.CONSTRAINT));
    }

    /** Empty also where Moongate's own entry is damaged: then it is written anew. */
    private Optional<Condition> own(Declaration.Entry entry) throws InputException {
        Optional<Fields> fields = find(entry);
        return fields.isPresent() && authorOf(entry, fields.get()) == Author.MOONGATE
                ? read(fields.get())
                : Optional.empty();
    }

    private Optional<Declaration> declared(Declaration.Entry entry) throws InputException {
        Optional<Fields> found = find(entry);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        return Optional.of(new Declaration(
                entry,
                constant(Condition.Status.values(), fields.string("status")).orElse(Condition.Status.Unknown),
                fields.string("reason").orElse(""),
                fields.string("message").orElse(""),
                instant(fields.string("lastTransitionTime")),
                authorOf(entry, fields)));
    }

    private Author authorOf(Declaration.Entry entry, Fields fields) throws InputException {
        return authors.of(entry, fields.string("reason").orElse(""));
    }

    private Optional<Fields> find(Declaration.Entry wanted) throws InputException {
        for (Fields entry : status.children(wanted.list())) {
            if (entry.string("type").equals(Optional.of(wanted.type()))) {
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
