package io.moongate.cli.peer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
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
    public boolean failed() {
        return !failure.isEmpty();
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(peer, Map.of(), "interrupted");
        }
    }
}
