package io.moongate.dataplane.gateway;

import io.moongate.model.net.Addresses;
import io.moongate.model.net.HostPort;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * DNS, asynchronous, both families, cached for as long as the answer says. Only names of the plan are ever asked for,
 * so the cache is bounded by it.
 */
final class Names implements AutoCloseable {
    private static final int LONGEST_TTL_SECONDS = 300;
    private static final int NEGATIVE_TTL_SECONDS = 1;

    private final DnsNameResolver resolver;

    /** @param servers the system's where not given */
    Names(EventLoop loop, Optional<DnsServerAddressStreamProvider> servers) {
        resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelType(EpollDatagramChannel.class)
                .socketChannelType(EpollSocketChannel.class)
                .nameServerProvider(servers.orElseGet(DnsServerAddressStreamProviders::platformDefault))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .resolveCache(new DefaultDnsCache(0, LONGEST_TTL_SECONDS, NEGATIVE_TTL_SECONDS))
                .queryTimeoutMillis(2000)
                .build();
    }

    /**
     * Calls back on {@code loop} with all addresses of the name; with none if it has none or no server answers.
     *
     * @param guard runs what is called back
     */
    void resolve(HostPort name, EventLoop loop, Consumer<Runnable> guard, Consumer<List<HostPort>> found) {
        if (Addresses.parse(name.host()).isPresent()) {
            found.accept(List.of(name));
            return;
        }
        // The trailing dot keeps the search domains out: the name is complete.
        String absolute = name.host().endsWith(".") ? name.host() : name.host() + ".";
        resolver.resolveAll(absolute).addListener((Future<List<InetAddress>> answer) -> {
            loop.execute(() -> guard.accept(() -> found.accept(addresses(answer, name.port()))));
        });
    }

    private static List<HostPort> addresses(Future<List<InetAddress>> answer, int port) {
        return answer.isSuccess()
                ? answer.getNow().stream()
                        .map(address -> new HostPort(address.getHostAddress(), port))
                        .toList()
                : List.of();
    }

    @Override
    public void close() {
        resolver.close();
    }
}
