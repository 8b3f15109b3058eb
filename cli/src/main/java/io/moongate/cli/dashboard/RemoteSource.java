package io.moongate.cli.dashboard;

import io.moongate.adoption.dashboard.DashboardSource;
import io.moongate.adoption.report.MergedHistory;
import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.peer.Answer;
import io.moongate.cli.peer.Peer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows what other moongates tell. */
final class RemoteSource implements DashboardSource {
    /** Hours change slowly, and each look at the first page would ask all seeds for them. */
    private static final long HISTORY_NANOS = Duration.ofSeconds(20).toNanos();

    private final List<Peer> peers;
    private final Map<String, List<Map<?, ?>>> histories = new ConcurrentHashMap<>();
    private List<Map<?, ?>> history = List.of();
    private long historyAt = System.nanoTime() - HISTORY_NANOS;

    /** @param peers stay the caller's */
    RemoteSource(List<Peer> peers) {
        this.peers = List.copyOf(peers);
    }

    /** A report of ten thousand shoots is 10 MB, and may come through an API server. */
    @Override
    public Duration freshFor() {
        return Duration.ofSeconds(3);
    }

    @Override
    public Look look() {
        var reports = new ArrayList<Map<?, ?>>();
        var ports = new LinkedHashMap<String, Map<?, ?>>();
        var failures = new ArrayList<String>();
        var answering = new ArrayList<Peer>();
        for (Answer answer : Answer.ofAll(peers, "/adoption")) {
            if (answer.failed()) {
                failures.add(failure(answer));
            } else {
                reports.add(answer.page());
                answer.clockIsOff(Instant.now()).ifPresent(failures::add);
                answering.add(answer.peer());
            }
        }
        for (Answer answer : Answer.ofAll(answering, "/legacy-port")) {
            if (answer.failed()) {
                failures.add(failure(answer));
            } else {
                ports.put(answer.peer().name(), answer.page());
            }
        }
        return new Look(MergedReport.of(reports), ports, failures);
    }

    private static String failure(Answer answer) {
        return answer.peer().name() + " cannot be asked (" + answer.failure() + ")";
    }

    /** Of one that does not answer what it said last. */
    @Override
    public synchronized List<Map<?, ?>> history() {
        if (System.nanoTime() - historyAt >= HISTORY_NANOS) {
            Answer.ofAll(peers, "/adoption/history").stream()
                    .filter(answer -> !answer.failed())
                    .forEach(answer -> histories.put(
                            answer.peer().name(), maps(answer.page().get("hours"))));
            history = MergedHistory.of(List.copyOf(histories.values()));
            historyAt = System.nanoTime();
        }
        return history;
    }

    @Override
    public List<Map<?, ?>> days(String shoot) {
        return Answer.ofAll(peers, "/adoption/days/" + shoot).stream()
                .flatMap(answer -> maps(answer.page().get("days")).stream())
                .toList();
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        return list instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(item -> (Map<?, ?>) item)
                        .toList()
                : List.of();
    }
}
