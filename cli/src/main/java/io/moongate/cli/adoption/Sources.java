package io.moongate.cli.adoption;

import io.moongate.cli.AdminClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where reports come from: the page {@code /adoption} of running moongates. */
final class Sources implements AutoCloseable {
    private final AdminClient client = new AdminClient();
    private final Set<String> admins;

    Sources(List<String> admins) {
        this.admins = new LinkedHashSet<>(admins);
    }

    /** @param failures what could not be read, each in a sentence with the way out */
    record Reports(List<Map<?, ?>> all, List<String> failures) {}

    Reports read() throws InterruptedException {
        var all = new ArrayList<Map<?, ?>>();
        var failures = new ArrayList<String>();
        for (String admin : admins) {
            try {
                all.add(client.get(admin, "/adoption"));
            } catch (IOException e) {
                failures.add("the report cannot be read (" + e.getMessage() + "), " + admin
                        + "/adoption, give the admin endpoint of a moongate run or witness with --admin");
            }
        }
        return new Reports(all, failures);
    }

    @Override
    public void close() {
        client.close();
    }
}
