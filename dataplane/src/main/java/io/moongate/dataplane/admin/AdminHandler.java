package io.moongate.dataplane.admin;

import io.moongate.dataplane.admin.AdminServer.Request;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.dataplane.admin.AdminServer.Routes;
import io.moongate.model.net.RequestGuard;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of an admin endpoint: one request within a time, one answer within a time, and its end. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final int RETRY_SECONDS = 10;

    private final Routes routes;
    private final RequestGuard guard;
    private final AdminConnections connections;
    private final AnswerMakers makers;
    private boolean answered;

    AdminHandler(Routes routes, RequestGuard guard, AdminConnections connections, AnswerMakers makers) {
        this.routes = routes;
        this.guard = guard;
        this.connections = connections;
        this.makers = makers;
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
        } else if (routes.apart(request.path())) {
            makers.scrape(() -> make(ctx, request, this::answerScrape));
        } else if (!request.method().equals("GET")) {
            makers.change(() -> make(ctx, request, this::answer));
        } else if (!makers.page(() -> make(ctx, request, this::answerPage))) {
            answer(ctx, busy());
        }
    }

    private void make(ChannelHandlerContext ctx, Request request, BiConsumer<ChannelHandlerContext, Response> send) {
        try {
            // Who has left in the meantime needs no page.
            if (ctx.channel().isActive()) {
                send.accept(ctx, responseTo(request));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the answer to {} could not be written: {}", request.path(), e.toString());
            ctx.close();
        }
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

    private static Response busy() {
        return Response.text(
                503,
                "others have asked for pages that they have not read yet, and there is no room for more; try again in "
                        + RETRY_SECONDS + " s");
    }

    private void answerPage(ChannelHandlerContext ctx, Response response) {
        byte[] body = body(response);
        if (makers.enterPage(ctx.channel(), body.length)) {
            write(ctx, response, body);
        } else {
            answer(ctx, busy());
        }
    }

    private void answerScrape(ChannelHandlerContext ctx, Response response) {
        byte[] body = body(response);
        makers.enterScrape(ctx.channel(), body.length);
        write(ctx, response, body);
    }

    private void answer(ChannelHandlerContext ctx, Response response) {
        write(ctx, response, body(response));
    }

    private static byte[] body(Response response) {
        return response.body().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(ChannelHandlerContext ctx, Response response, byte[] body) {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (response.status() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            head.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        ctx.executor().execute(() -> AnswerWriter.write(ctx, head, body));
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
