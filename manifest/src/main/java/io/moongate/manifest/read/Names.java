package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.regex.Pattern;

/**
 * Names of objects. An API server has checked them, a file has not: with a slash one object could stand for another,
 * and what is not printable would reach terminals and logs.
 */
final class Names {
    private static final String DEFAULT_NAMESPACE = "default";

    /** As Kubernetes has it for all objects. */
    static final int LONGEST = 253;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    private Names() {}

    static String name(Fields metadata) throws InputException {
        return checked(metadata, "name", metadata.required("name"));
    }

    static String namespace(Fields metadata) throws InputException {
        return checked(metadata, "namespace", namespaceAsWritten(metadata));
    }

    /** For saying of which object something is; not checked. */
    static String namespaceAsWritten(Fields metadata) throws InputException {
        return metadata.string("namespace").filter(n -> !n.isEmpty()).orElse(DEFAULT_NAMESPACE);
    }

    private static String checked(Fields metadata, String field, String name) throws InputException {
        if (name.length() <= LONGEST && NAME.matcher(name).matches()) {
            return name;
        }
        Place place = metadata.get(field).orElseThrow().place();
        throw new InputException(
                Problem.Code.INVALID_VALUE,
                place,
                "metadata." + field + " is not a name that Kubernetes takes: '" + name + "'",
                "use at most " + LONGEST + " letters, digits, '-' and '.', the first and the last a letter or digit");
    }
}
