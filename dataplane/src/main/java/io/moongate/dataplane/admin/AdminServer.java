package io.moongate.dataplane.admin;

import io.moongate.dataplane.transport.Epoll;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Health, metrics and what is in force, on an event loop of its own: a busy data plane must not make it look dead. */
public final class AdminServer implements AutoCloseable {
    private static final int LONGEST_REQUEST = 16 * 1024;
    private static final int IDLE_SECONDS = 30;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Epoll.factory());
    private final Channel channel;
    private final SpareDescriptors spares = new SpareDescriptors();
    /** Of the one event loop alone. */
    private int connections;

    /** @param contentType of the body */
    public record Response(int status, String contentType, String body) {
        public static Response text(int status, String body) {
            return new Response(status, "text/plain; charset=utf-8", body + "\n");
        }
    }

    /** @param local whether who asks is on this machine, or in this pod */
    public record Request(String method, String path, String contentType, String body, boolean local) {}

    /** Answers a request; empty for paths that do not exist. Called on the admin event loop: must not block. */
    public interface Routes {
        Optional<Response> answer(Request request);
    }

    /** Throws with a sentence for people if the address is taken. */
    public AdminServer(InetSocketAddress address, Routes routes) throws IOException {
        this(address, routes, Integer.MAX_VALUE);
    }

    /** @param mostConnections at once; more are closed unheard */
    public AdminServer(InetSocketAddress address, Routes routes, int mostConnections) throws IOException {
        var bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .handler(spares)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        if (connections >= mostConnections) {
                            child.close();
                            return;
                        }
                        connections++;
                        child.closeFuture().addListener(closed -> connections--);
                        child.pipeline()
                                .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LONGEST_REQUEST))
                                .addLast(new Handler(routes));
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
        spares.release();
        Epoll.shutdown(loop);
    }

    private static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Routes routes;

        private Handler(Routes routes) {
            this.routes = routes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Response response;
            if (!request.decoderResult().isSuccess()) {
                response = Response.text(400, "malformed request");
            } else {
                String path = request.uri().replaceFirst("\\?.*", "");
                response = routes.answer(new Request(
                                request.method().name(),
                                path,
                                request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                                request.content().toString(StandardCharsets.UTF_8),
                                isLocal(ctx)))
                        .orElse(Response.text(404, "no such page; there are /livez, /readyz, /metrics and /config"));
            }
            var body = Unpooled.copiedBuffer(response.body(), StandardCharsets.UTF_8);
            var http = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
            http.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                    .set(HttpHeaderNames.CONNECTION, "close");
            ctx.writeAndFlush(http).addListener(ChannelFutureListener.CLOSE);
        }

        private static boolean isLocal(ChannelHandlerContext ctx) {
            return ctx.channel().remoteAddress() instanceof InetSocketAddress peer
                    && peer.getAddress().isLoopbackAddress();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
