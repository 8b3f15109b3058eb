package io.moongate.cli.peer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What one of several said.
 *
 * @param page empty where it could not be asked
 * @param failure why, in words; empty where it could
 */
public record Answer(Peer peer, Map<?, ?> page, String failure) {
    /** What the clocks of two machines may differ by, and an answer may be on its way. */
    private static final Duration TOLERATED = Duration.ofMinutes(1);

    public boolean failed() {
        return !failure.isEmpty();
    }

    /**
     * For people: that whoever said it lives in another time, as the {@code at} of his report shows. His findings are right
     * by his own clock; times of different seeds cannot be compared then.
     */
    public Optional<String> clockIsOff(Instant now) {
        try {
            Instant his = Instant.parse(String.valueOf(page.get("at")));
            Duration ahead = Duration.between(now, his);
            return ahead.abs().compareTo(TOLERATED) <= 0
                    ? Optional.empty()
                    : Optional.of(
                            "the clock of " + peer.name() + " is " + ahead.abs().toMinutes() + " min "
                                    + (ahead.isNegative() ? "behind" : "ahead of") + " the one here");
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Asks all at once, and waits for all: one that is slow does not keep the others from answering. In their order. */
    public static List<Answer> ofAll(List<Peer> peers, String page) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Answer>> asked = peers.stream()
                    .map(peer -> CompletableFuture.supplyAsync(() -> of(peer, page), threads))
                    .toList();
            return asked.stream().map(CompletableFuture::join).toList();
        }
    }

    private static Answer of(Peer peer, String page) {
        try {
            return new Answer(peer, peer.get(page), "");
        } catch (IOException e) {
            @Nullable String why = e.getMessage();
            return new Answer(peer, Map.of(), why == null ? e.toString() : why);
        } catch (RuntimeException | StackOverflowError e) {
            // What one answers costs the answers of no other.
            return new Answer(peer, Map.of(), "what it answers cannot be read: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(peer, Map.of(), "interrupted");
        }
    }
}
