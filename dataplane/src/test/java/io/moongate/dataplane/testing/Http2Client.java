package io.moongate.dataplane.testing;

import io.moongate.model.destination.Entrance;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A client that speaks HTTP/2 from its first byte. */
public final class Http2Client implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel connection;
    private final CompletableFuture<Http2Settings> settings = new CompletableFuture<>();
    private final CompletableFuture<Long> goAway = new CompletableFuture<>();

    public Http2Client(InetSocketAddress gateway) {
        this(gateway, new byte[0]);
    }

    /** @param before sent ahead of the preface */
    public Http2Client(InetSocketAddress gateway, byte[] before) {
        connection = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(gateway)
                .syncUninterruptibly()
                .channel();
        connection.writeAndFlush(Unpooled.wrappedBuffer(before)).syncUninterruptibly();
        connection
                .eventLoop()
                .submit(() -> connection
                        .pipeline()
                        .addLast(
                                Http2FrameCodecBuilder.forClient()
                                        .validateHeaders(false)
                                        .encoderIgnoreMaxHeaderListSize(true)
                                        .build(),
                                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                                new Told()))
                .syncUninterruptibly();
    }

    /** A CONNECT with the destination header of this entrance. */
    public Stream connect(Entrance entrance, String value) {
        return request(new DefaultHttp2Headers()
                .method("CONNECT")
                .authority("ignored.example:1")
                .add(entrance.header().toLowerCase(java.util.Locale.ROOT), value));
    }

    public Stream request(Http2Headers headers) {
        var stream = new Stream();
        stream.channel = new Http2StreamChannelBootstrap(connection)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(stream.new Inbound());
                    }
                })
                .open()
                .syncUninterruptibly()
                .getNow();
        stream.channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers));
        return stream;
    }

    public Http2Settings settings() {
        return settings.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** The error code of the GOAWAY, which must come. */
    public long goAway() {
        return goAway.orTimeout(10, TimeUnit.SECONDS).join();
    }

    public boolean awaitClose() throws InterruptedException {
        return connection.closeFuture().await(10, TimeUnit.SECONDS);
    }

    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
        loop.shutdownGracefully(20, 2000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private final class Told extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2SettingsFrame frame) {
                settings.complete(frame.settings());
            }
            if (message instanceof Http2GoAwayFrame frame) {
                goAway.complete(frame.errorCode());
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** One request. */
    public static final class Stream {
        private final CompletableFuture<Http2Headers> answer = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final CompletableFuture<Long> reset = new CompletableFuture<>();
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final AtomicLong received = new AtomicLong();
        private volatile boolean counting;
        private Http2StreamChannel channel;

        public Http2Headers answer() {
            return answer.orTimeout(10, TimeUnit.SECONDS).join();
        }

        public String status() {
            return answer().status().toString();
        }

        public Stream send(String text) {
            channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)));
            return this;
        }

        /** As much as flow control takes; the rest stays here. */
        public Stream send(int bytes) {
            for (int sent = 0; sent < bytes; sent += 16 * 1024) {
                channel.write(
                        new DefaultHttp2DataFrame(Unpooled.buffer(16 * 1024).writeZero(16 * 1024)));
            }
            channel.flush();
            return this;
        }

        public void finish() {
            channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
        }

        public void reset() {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }

        /** From now on bytes are counted and not kept. */
        public Stream counting() {
            counting = true;
            return this;
        }

        public String read(int length) throws InterruptedException {
            var text = new StringBuilder();
            while (text.length() < length) {
                String more = texts.poll(10, TimeUnit.SECONDS);
                if (more == null) {
                    throw new AssertionError("only " + text.length() + " of " + length + " came");
                }
                text.append(more);
            }
            return text.toString();
        }

        /** Waits for the end of the stream. */
        public long readAll() {
            end.orTimeout(30, TimeUnit.SECONDS).join();
            return received.get();
        }

        /** The code of the RST_STREAM, which must come. */
        public long awaitReset() {
            return reset.orTimeout(10, TimeUnit.SECONDS).join();
        }

        private final class Inbound extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof Http2HeadersFrame frame) {
                    answer.complete(frame.headers());
                    endIf(frame.isEndStream());
                } else if (message instanceof Http2DataFrame frame) {
                    ByteBuf bytes = frame.content();
                    received.addAndGet(bytes.readableBytes());
                    if (!counting) {
                        texts.add(bytes.toString(StandardCharsets.ISO_8859_1));
                    }
                    endIf(frame.isEndStream());
                }
                ReferenceCountUtil.release(message);
            }

            private void endIf(boolean last) {
                if (last) {
                    end.complete(null);
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof Http2ResetFrame frame) {
                    reset.complete(frame.errorCode());
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                var gone = new IllegalStateException("the stream is gone");
                answer.completeExceptionally(gone);
                end.completeExceptionally(gone);
                reset.completeExceptionally(gone);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                answer.completeExceptionally(cause);
            }
        }
    }
}
