package io.moongate.adoption.accesslog;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One access log that is told to a service; used by one thread. Once it is over another one takes its place. */
final class LogStream {
    private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);
    private static final long PAUSE_MILLIS = 2000;

    private final String node;
    private final Entrance entrance;
    private final ClientCall<byte[], byte[]> call;
    private boolean first = true;
    private volatile Optional<Instant> ended = Optional.empty();
    private final Duration pause =
            Duration.ofMillis(PAUSE_MILLIS + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS));

    LogStream(Channel channel, String node, Entrance entrance) {
        this.node = node;
        this.entrance = entrance;
        // Its messages wait in the channel until there is a connection: so the first one may be given at once.
        this.call = channel.newCall(AccessLogService.METHOD, CallOptions.DEFAULT.withWaitForReady());
        call.start(new Listener(), new Metadata());
        call.request(1);
    }

    /** Over for so long that another try is due. */
    boolean isOver() {
        return ended.filter(at -> Instant.now().isAfter(at.plus(pause))).isPresent();
    }

    /** Whether it takes more now: what would only pile up here is not given. */
    boolean isReady() {
        return ended.isEmpty() && call.isReady();
    }

    /** Whether nothing has been told on it yet. */
    boolean isFirst() {
        return first;
    }

    void send(List<LogMessage.Entry> entries) {
        Optional<String> name = first ? Optional.of(AccessLogServiceSettings.logName(entrance)) : Optional.empty();
        call.sendMessage(new LogMessage(name.map(n -> node), name, entries).bytes());
        first = false;
    }

    private final class Listener extends ClientCall.Listener<byte[]> {
        @Override
        public void onClose(Status status, Metadata trailers) {
            LOG.warn("the {} tunnels cannot be told of now, it is tried again: {}", entrance.label(), status);
            ended = Optional.of(Instant.now());
        }
    }
}
