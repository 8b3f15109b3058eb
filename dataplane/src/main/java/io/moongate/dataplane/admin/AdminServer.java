package io.moongate.dataplane.admin;

import io.moongate.dataplane.transport.AcceptFailures;
import io.moongate.dataplane.transport.Epoll;
import io.moongate.model.net.RequestGuard;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Health, metrics and what is in force, on an event loop of its own: a busy data plane must not make it look dead. Nor
 * must a large page, or one that nobody reads: see {@link AnswerMakers}.
 */
public final class AdminServer implements AutoCloseable {
    /** Of a request, in bytes. */
    static final int LONGEST_LINE = 4 * 1024;

    static final int LONGEST_HEAD = 8 * 1024;
    static final int LONGEST_BODY = 16 * 1024;
    /** From the connection to the end of the request, and from there to the end of the answer. */
    static final int REQUEST_SECONDS = 10;

    static final int ANSWER_SECONDS = 30;
    /** A reader that takes nothing for so long loses its connection. */
    static final int STALL_SECONDS = 5;

    static final int MOST_CONNECTIONS = 256;

    private final EventLoopGroup loop = Epoll.loops(1);
    private final AnswerMakers makers;
    private final Channel channel;
    private final SpareDescriptors spares = new SpareDescriptors();
    /** @param contentType of the body */
    public record Response(int status, String contentType, String body) {
        public static Response text(int status, String body) {
            return new Response(status, "text/plain; charset=utf-8", body + "\n");
        }
    }

    /** @param local whether who asks is on this machine, or in this pod */
    public record Request(String method, String path, String contentType, String body, boolean local) {}

    /** There will be an answer, and there is none yet. */
    public static final class NotYet extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        public NotYet(String why) {
            super(why);
        }
    }

    public interface Routes {
        /** Answers a request; empty for paths that do not exist. */
        Optional<Response> answer(Request request);

        /** Whether this page is made on the admin event loop, and waits for no other: it must not take long. */
        default boolean atOnce(String path) {
            return false;
        }

        /** Whether this page does not wait for those that people ask for. */
        default boolean apart(String path) {
            return false;
        }
    }

    /**
     * Throws with a sentence for people if the address is taken.
     *
     * @param guard decides which requests reach the routes
     */
    public AdminServer(InetSocketAddress address, Routes routes, RequestGuard guard) throws IOException {
        this(address, routes, guard, MOST_CONNECTIONS);
    }

    /** @param mostConnections at once */
    public AdminServer(InetSocketAddress address, Routes routes, RequestGuard guard, int mostConnections)
            throws IOException {
        this(address, routes, guard, mostConnections, Runtime.getRuntime().maxMemory());
    }

    /** @param heap of the process, in bytes */
    AdminServer(InetSocketAddress address, Routes routes, RequestGuard guard, int mostConnections, long heap)
            throws IOException {
        makers = new AnswerMakers(heap);
        var connections = new AdminConnections(mostConnections);
        var bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel listening) {
                        listening.pipeline().addLast(spares, new AcceptFailures());
                    }
                })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        connections.enter(child);
                        child.pipeline()
                                .addLast(new HttpServerCodec(LONGEST_LINE, LONGEST_HEAD, LONGEST_BODY))
                                .addLast(new HttpObjectAggregator(LONGEST_BODY, true))
                                .addLast(new AdminHandler(routes, guard, connections, makers));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(
                    "the admin endpoint cannot open " + address + " ("
                            + bound.cause().getMessage() + ")",
                    bound.cause());
        }
        channel = bound.channel();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        makers.close();
        spares.release();
        Epoll.shutdown(loop);
    }
}
