package io.moongate.adoption.accesslog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moongate.adoption.accesslog.Logs.Log;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One access log of one thread of an Envoy. Whatever comes in it costs this stream, and the counts stay right. */
final class TakenLog implements StreamObserver<byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(TakenLog.class);

    private final ServerCallStreamObserver<byte[]> answer;
    private final Optional<InetAddress> from;
    private final AccessLogService service;
    private final Runnable endedByService;
    private final RecordBudget budget;
    private final long begun;
    private Optional<Log> log = Optional.empty();
    private boolean named;
    private boolean over;

    /** @param endedByService called before the service ends it, and not where the client or gRPC does */
    TakenLog(
            ServerCallStreamObserver<byte[]> answer,
            Optional<InetAddress> from,
            AccessLogService service,
            Runnable endedByService) {
        this.answer = answer;
        this.from = from;
        this.service = service;
        this.endedByService = endedByService;
        this.budget = service.limits().ofOneStream();
        this.begun = service.limits().nanos();
        // gRPC calls neither onError nor onCompleted after an exception in onNext, but always this.
        answer.setOnCloseHandler(this::leave);
    }

    @Override
    public synchronized void onNext(byte[] bytes) {
        if (over) {
            return;
        }
        // Before anything of it is read: a message without records is work, too.
        if (!budget.take(1) || !service.limits().all().take(1)) {
            refuseForRecords();
            return;
        }
        try {
            take(LogMessage.parse(bytes));
        } catch (InvalidProtocolBufferException e) {
            refuse(Status.INVALID_ARGUMENT.withDescription("not an access log message: " + e.getMessage()), "messages");
        } catch (RuntimeException | Error e) {
            LOG.error("a record of an access log failed; its stream ends", e);
            refuse(Status.INTERNAL.withDescription("the record could not be taken"), "messages");
        }
    }

    private void take(LogMessage message) {
        message.logName().ifPresent(name -> begin(name, message.node().orElse("")));
        int more = message.entries().size() - 1;
        if (more > 0 && (!budget.take(more) || !service.limits().all().take(more))) {
            refuseForRecords();
            return;
        }
        if (log.isEmpty()) {
            return;
        }
        Log of = log.get();
        message.entries().forEach(entry -> service.tunnels().take(of.node(), of.entrance(), entry, Instant.now()));
    }

    synchronized void refuseUnfinished() {
        refuse(Status.RESOURCE_EXHAUSTED.withDescription("too many bytes of messages without an end"), "unfinished");
    }

    private void refuseForRecords() {
        refuse(Status.RESOURCE_EXHAUSTED.withDescription("too many records per second"), "recordsPerSecond");
    }

    private void begin(String logName, String node) {
        if (node.length() > AccessLogLimits.LONGEST_NODE) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("the node id is too long"), "names");
            return;
        }
        Optional<Entrance> entrance = Arrays.stream(Entrance.values())
                .filter(e -> logName.equals(AccessLogServiceSettings.logName(e)))
                .findFirst();
        if (entrance.isEmpty()) {
            nameUnknown(logName);
            return;
        }
        var next = new Log(node, from, entrance.get());
        if (log.filter(next::equals).isPresent()) {
            return;
        }
        if (named) {
            refuse(Status.INVALID_ARGUMENT.withDescription("a stream has one node and one log name"), "names");
            return;
        }
        named = true;
        service.isSettled(this);
        if (!service.logs().hasRoomFor(next, AccessLogLimits.MOST_NODES)) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("too many nodes"), "names");
            return;
        }
        log = Optional.of(next);
        if (service.logs().begin(next) && service.lines().mayWrite()) {
            LOG.info("Envoy {} reports the tunnels of the {} port", SparingLog.printable(node), label(next));
        }
    }

    private void nameUnknown(String logName) {
        if (!named && service.lines().mayWrite()) {
            LOG.warn(
                    "an Envoy sends an access log named '{}', which is neither {} nor {}",
                    SparingLog.printable(logName),
                    AccessLogServiceSettings.logName(Entrance.UNIFIED),
                    AccessLogServiceSettings.logName(Entrance.LEGACY));
        }
        end(Status.INVALID_ARGUMENT.withDescription("the log name is unknown"));
    }

    /** A stream that does not say whose log it is holds a place of others. */
    synchronized void endIfNameless() {
        long age = service.limits().nanos() - begun;
        if (!over && !named && age >= TimeUnit.SECONDS.toNanos(AccessLogLimits.IDENTIFY_SECONDS)) {
            end(Status.DEADLINE_EXCEEDED.withDescription(
                    "no identifier came within " + AccessLogLimits.IDENTIFY_SECONDS + " s"));
        }
    }

    /** @param limit what was reached, as the documentation calls it */
    private void refuse(Status why, String limit) {
        if (over) {
            return;
        }
        // Another thread of the same Envoy may go on: its log alone would not show that records are missing.
        service.limits().refused(limit);
        if (service.lines().mayWrite()) {
            LOG.warn("an access log is refused: {}", why.getDescription());
        }
        end(why);
    }

    private void end(Status why) {
        leave();
        endedByService.run();
        answer.onError(why.asRuntimeException());
    }

    /** Once for each stream, however it ends. */
    private synchronized void leave() {
        if (over) {
            return;
        }
        over = true;
        service.isSettled(this);
        service.limits().leaveStream();
        log.ifPresent(last -> {
            log = Optional.empty();
            if (service.logs().end(last) && service.lines().mayWrite()) {
                LOG.warn(
                        "Envoy {} does not report the tunnels of the {} port any more",
                        SparingLog.printable(last.node()),
                        label(last));
            }
        });
    }

    private static String label(Log log) {
        return log.entrance().label();
    }

    @Override
    public void onError(Throwable why) {
        leave();
    }

    @Override
    public synchronized void onCompleted() {
        if (over) {
            return;
        }
        leave();
        answer.onNext(new byte[0]);
        answer.onCompleted();
    }
}
