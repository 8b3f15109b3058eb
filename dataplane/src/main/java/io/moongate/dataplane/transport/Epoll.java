package io.moongate.dataplane.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import java.io.Serial;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Netty's native epoll, mended in one place. When a socket wants no event at all, which is so after the peer has closed
 * its half and all is written, Netty 4.2.18 takes it out of the epoll set but goes on as if it were in it: the next
 * wish, to write the answer, fails with "epoll_ctl: No such file or directory" and the answer is lost. Here such a
 * socket stays in the set, edge-triggered, so that an error on it is told once and not for ever.
 *
 * <p>Nor is EPOLLRDHUP asked for: on it Netty reads all there is up to the FIN, whether anybody wants to read or not.
 * Without it the end of a stream is found where it stands, behind the last byte (docs/adr/0002).
 */
public final class Epoll {
    private static final long QUIET_MILLIS = 20;
    private static final long LONGEST_MILLIS = 2000;

    private Epoll() {}

    /** Why sockets cannot be served on this machine; empty where they can. */
    public static Optional<String> unavailable() {
        return Optional.ofNullable(io.netty.channel.epoll.Epoll.unavailabilityCause())
                .map(cause -> cause.toString().lines().findFirst().orElse(""));
    }

    public static IoHandlerFactory factory() {
        IoHandlerFactory netty = EpollIoHandler.newFactory();
        return executor -> new StayingHandler(netty.newHandler(executor));
    }

    /** The system has no descriptors for event loops; the message says what it answered. */
    public static final class NoLoops extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private NoLoops(Throwable cause) {
            super(root(cause), cause);
        }

        private static String root(Throwable cause) {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return String.valueOf(root.getMessage());
        }
    }

    /** So many event loops, or {@link NoLoops}. */
    public static EventLoopGroup loops(int number) {
        try {
            return new MultiThreadIoEventLoopGroup(number, factory());
        } catch (IllegalStateException e) {
            throw new NoLoops(e);
        }
    }

    /**
     * Ends the loops and closes what is still open on them. With a quiet period of zero Netty can end a loop without
     * closing its channels, when the wish to end falls between two of its steps.
     */
    public static void shutdown(EventLoopGroup loops) {
        loops.shutdownGracefully(QUIET_MILLIS, LONGEST_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    private record StayingHandler(IoHandler netty) implements IoHandler {
        @Override
        public void initialize() {
            netty.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return netty.run(context);
        }

        @Override
        public void prepareToDestroy() {
            netty.prepareToDestroy();
        }

        @Override
        public void destroy() {
            netty.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new StayingRegistration(netty.register(handle));
        }

        @Override
        public void wakeup() {
            netty.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return netty.isCompatible(type);
        }
    }

    private record StayingRegistration(IoRegistration netty) implements IoRegistration {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            return netty.submit(wanted.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted);
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
