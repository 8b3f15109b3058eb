package io.moongate.adoption.accesslog;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of messages that have begun and are not complete. gRPC takes them from the connection's window as they come, so
 * that a client which never ends its messages would hold as much as it likes. Safe for use by all threads.
 */
final class Unfinished extends ServerStreamTracer.Factory {
    private static final Context.Key<Stream> STREAM = Context.key("moongate-unfinished");

    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    Unfinished(long most) {
        this.most = most;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Stream();
    }

    long bytes() {
        return bytes.get();
    }

    /** In the handler of a call: what to do when this call's message is one too many. */
    static void whenRefused(Runnable action) {
        Stream stream = STREAM.get();
        if (stream != null) {
            stream.refuse = action;
        }
    }

    private final class Stream extends ServerStreamTracer {
        private final AtomicLong own = new AtomicLong();
        private volatile Runnable refuse = () -> {};

        @Override
        public Context filterContext(Context context) {
            return context.withValue(STREAM, this);
        }

        @Override
        public void inboundWireSize(long size) {
            own.addAndGet(size);
            if (bytes.addAndGet(size) > most) {
                refuse.run();
            }
        }

        @Override
        public void inboundMessageRead(int number, long wireSize, long size) {
            bytes.addAndGet(-own.getAndSet(0));
        }

        @Override
        public void streamClosed(io.grpc.Status status) {
            bytes.addAndGet(-own.getAndSet(0));
        }
    }
}
