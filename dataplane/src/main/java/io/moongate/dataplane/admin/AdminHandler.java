package io.moongate.dataplane.admin;

import io.moongate.dataplane.admin.AdminServer.Request;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.dataplane.admin.AdminServer.Routes;
import io.moongate.model.net.RequestGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of an admin endpoint: one request within a time, one answer within a time, and its end. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Routes routes;
    private final RequestGuard guard;
    private final AdminConnections connections;
    private final Function<String, Executor> pages;
    private boolean answered;

    /** @param pages makes what is not answered at once, by its path */
    AdminHandler(Routes routes, RequestGuard guard, AdminConnections connections, Function<String, Executor> pages) {
        this.routes = routes;
        this.guard = guard;
        this.connections = connections;
        this.pages = pages;
    }

    /** A client that sends a byte now and then is not idle, but must not stay for ever. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        closeAfter(ctx, AdminServer.REQUEST_SECONDS, false);
    }

    private void closeAfter(ChannelHandlerContext ctx, int seconds, boolean whenAnswered) {
        var timeout = ctx.executor()
                .schedule(
                        () -> {
                            if (answered == whenAnswered) {
                                ctx.close();
                            }
                        },
                        seconds,
                        TimeUnit.SECONDS);
        ctx.channel().closeFuture().addListener(closed -> timeout.cancel(false));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        // What is sent behind the first request is not answered.
        if (!answered) {
            answered = true;
            connections.asked(ctx.channel());
            closeAfter(ctx, AdminServer.ANSWER_SECONDS, true);
            take(ctx, request);
        }
    }

    private void take(ChannelHandlerContext ctx, FullHttpRequest http) {
        Optional<Response> refusal = refusal(http);
        if (refusal.isPresent()) {
            answer(ctx, refusal.get());
            return;
        }
        var request = new Request(
                http.method().name(),
                http.uri().replaceFirst("\\?.*", ""),
                http.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                http.content().toString(StandardCharsets.UTF_8),
                isLocal(ctx));
        if (routes.atOnce(request.path())) {
            answer(ctx, responseTo(request));
            return;
        }
        pages.apply(request.path()).execute(() -> {
            try {
                // Who has left in the meantime needs no page.
                if (ctx.channel().isActive()) {
                    answer(ctx, responseTo(request));
                }
            } catch (RuntimeException | Error e) {
                LOG.error("the answer to {} could not be written: {}", request.path(), e.toString());
                ctx.close();
            }
        });
    }

    private Optional<Response> refusal(FullHttpRequest request) {
        Throwable malformed = request.decoderResult().cause();
        if (malformed instanceof TooLongHttpHeaderException || malformed instanceof TooLongHttpLineException) {
            return Optional.of(Response.text(431, "the head of the request is too long"));
        }
        if (malformed != null) {
            return Optional.of(Response.text(400, "malformed request"));
        }
        return guard.refusal(request.method().name(), request.headers()::getAll).map(why -> Response.text(403, why));
    }

    private Response responseTo(Request request) {
        try {
            return routes.answer(request)
                    .orElse(Response.text(404, "no such page; there are /livez, /readyz, /metrics and /config"));
        } catch (AdminServer.NotYet e) {
            return Response.text(503, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("{} {} could not be answered: {}", request.method(), request.path(), e.toString(), e);
            return Response.text(500, "this could not be answered; the log says why");
        }
    }

    private void answer(ChannelHandlerContext ctx, Response response) {
        ByteBuf body = Unpooled.copiedBuffer(response.body(), StandardCharsets.UTF_8);
        var http =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
        http.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
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
