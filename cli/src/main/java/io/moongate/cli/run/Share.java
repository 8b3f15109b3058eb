package io.moongate.cli.run;

import io.moongate.cli.AdminPages;
import io.moongate.cli.UserError;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.model.config.AdminSettings;
import io.moongate.model.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where others may read adoption, if they may: pages of GET alone, apart from the admin endpoint. */
final class Share implements AutoCloseable {
    /** An answer about ten thousand shoots is about 10 MB, and who reads slowly holds it. */
    private static final int MOST_READERS = 8;

    private final @Nullable AdminServer server;

    private Share(@Nullable AdminServer server) {
        this.server = server;
    }

    static Share open(Optional<AdminSettings> wanted, Optional<AdoptionDesk> adoption) {
        if (wanted.isEmpty() || adoption.isEmpty()) {
            return new Share(null);
        }
        AdminSettings settings = wanted.get();
        var address = new InetSocketAddress(Addresses.parse(settings.address()).orElseThrow(), settings.port());
        try {
            AdminPages.Local pages = new AdoptionPages(adoption.get()).readable();
            return new Share(new AdminServer(address, request -> answer(pages, request), MOST_READERS));
        } catch (IOException e) {
            throw new UserError(e.getMessage() + ", in --share, free the port or choose another");
        }
    }

    private static Optional<Response> answer(AdminPages.Local pages, AdminServer.Request request) {
        return Optional.of(
                request.method().equals("GET")
                        ? pages.show(request.path())
                                .orElseGet(() -> Response.text(
                                        404, "no such page; there are /adoption, /adoption/history and /legacy-port"))
                        : Response.text(405, "only GET"));
    }

    /** Empty where nobody may. */
    Optional<InetSocketAddress> address() {
        return Optional.ofNullable(server).map(AdminServer::address);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
