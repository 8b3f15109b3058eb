package io.moongate.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.model.net.RequestGuard;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client that is slow ends, also one that is never idle. The clock is the test's. */
class AdminDeadlineTest {
    private final Deque<Runnable> pages = new ArrayDeque<>();
    private final AdminConnections connections = new AdminConnections(10);
    private final AdminHandler handler = new AdminHandler(
            request -> Optional.of(Response.text(200, "ok")),
            RequestGuard.STRICT,
            connections,
            new AnswerMakers(1 << 20, pages::add, pages::add, pages::add));

    @Test
    void aRequestThatDoesNotComeToItsEnd() {
        var channel = channel(handler);
        pass(channel, AdminServer.REQUEST_SECONDS * 1000 - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatIsNotRead() {
        var channel = channel(new Stuck(), handler);
        pass(channel, AdminServer.REQUEST_SECONDS * 1000 - 1);
        channel.writeInbound(request());
        pages.remove().run();
        channel.runPendingTasks();
        for (int second = 1; second < AdminServer.STALL_SECONDS; second++) {
            pass(channel, 1000);
        }
        pass(channel, 999);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aPageThatIsNotMadeInTime() {
        var channel = channel(handler);
        channel.writeInbound(request());
        pass(channel, AdminServer.ANSWER_SECONDS * 1000 - 1);
        assertThat(channel.isOpen()).as("later than a request may take").isTrue();
        pass(channel, 2);
        assertThat(channel.isOpen()).isFalse();
        pages.remove().run();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    /** Its clock stands still from before the first deadline is set. */
    private static EmbeddedChannel channel(ChannelHandler... handlers) {
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(handlers);
        return channel;
    }

    private static DefaultFullHttpRequest request() {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().set("Host", "localhost");
        return request;
    }

    private static void pass(EmbeddedChannel channel, long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** A socket that takes nothing more. */
    private static final class Stuck extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }
}
