package io.moongate.adoption.imports;

import java.util.Optional;

/** One format of access logs. */
interface LineFormat {
    /** As messages name it. */
    String name();

    /** Empty if this line is not of the format. */
    Optional<Values> read(String line);
}
