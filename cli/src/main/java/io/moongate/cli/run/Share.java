package io.moongate.cli.run;

import io.moongate.cli.AdminPages;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where others may read adoption, if they may: pages of GET alone, apart from the admin endpoint. */
final class Share {
    /** Others than the machine itself ask here: fewer places than the admin endpoint has. */
    private static final int MOST_READERS = 64;

    private Share() {}

    static AdminServer open(InetSocketAddress address, AdoptionDesk adoption, RequestGuard guard) throws IOException {
        AdminPages.Local pages = new AdoptionPages(adoption).readable();
        return new AdminServer(address, request -> answer(pages, request), guard, MOST_READERS);
    }

    private static Optional<Response> answer(AdminPages.Local pages, AdminServer.Request request) {
        return Optional.of(
                request.method().equals("GET")
                        ? pages.show(request.path())
                                .orElseGet(() -> Response.text(
                                        404, "no such page; there are /adoption, /adoption/history and /legacy-port"))
                        : Response.text(405, "only GET"));
    }
}
