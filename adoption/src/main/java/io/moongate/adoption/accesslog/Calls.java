package io.moongate.adoption.accesslog;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What gRPC alone sees of the calls: bytes of messages that have begun and are not complete, and calls that it ends
 * itself. Safe for use by all threads.
 *
 * <p>gRPC takes the bytes from the connection's window as they come, so that a client which never ends its messages would
 * hold as much as it likes. And of a message that it refuses, such as a too large one, it tells the service only that the
 * call is over, as when the client has gone.
 */
final class Calls extends ServerStreamTracer.Factory {
    private static final Context.Key<Call> CALL = Context.key("moongate-call");

    private final AtomicLong bytes = new AtomicLong();
    private final long most;
    private final String method;
    private final Consumer<Status> refused;

    /**
     * @param most bytes of messages that are not complete
     * @param method of which calls are observed
     * @param refused when gRPC has ended a call
     */
    Calls(long most, String method, Consumer<Status> refused) {
        this.most = most;
        this.method = method;
        this.refused = refused;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String called, Metadata headers) {
        return new Call(called.equals(method));
    }

    /** Bytes of messages that are not complete. */
    long unfinished() {
        return bytes.get();
    }

    /** In the handler of a call: this call. */
    static Optional<Call> current() {
        return Optional.ofNullable(CALL.get());
    }

    /** One call. */
    final class Call extends ServerStreamTracer {
        private final AtomicLong own = new AtomicLong();
        private volatile boolean observed;
        private volatile Runnable refuse = () -> {};

        private Call(boolean observed) {
            this.observed = observed;
        }

        /** @param action when this call's message is one too many */
        void whenTooMany(Runnable action) {
            refuse = action;
        }

        /** The service ends it, and knows why. */
        void endedByService() {
            observed = false;
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(CALL, this);
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
        public void streamClosed(Status status) {
            bytes.addAndGet(-own.getAndSet(0));
            if (observed && !endedByClient(status)) {
                refused.accept(status);
            }
        }

        /** It has come to its end, was cancelled, or its connection is gone. */
        private static boolean endedByClient(Status status) {
            return switch (status.getCode()) {
                case OK, CANCELLED, UNAVAILABLE, DEADLINE_EXCEEDED -> true;
                default -> status.getCause() instanceof IOException;
            };
        }
    }
}
