package io.moongate.operator.apply;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The body of one answer, up to a size and within a time. Used once. */
final class BoundedAnswer implements AsyncBody.Consumer<List<ByteBuffer>> {
    private final int largest;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean tooLarge;

    BoundedAnswer(int largest) {
        this.largest = largest;
    }

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) throws IOException {
        long more = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes.size() + more > largest) {
            tooLarge = true;
            body.cancel();
            return;
        }
        var out = Channels.newChannel(bytes);
        for (ByteBuffer buffer : buffers) {
            out.write(buffer);
        }
        body.consume();
    }

    /** @throws IOException with the reason in words */
    HttpResponse<AsyncBody> of(CompletableFuture<HttpResponse<AsyncBody>> sent, Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        try {
            HttpResponse<AsyncBody> response = sent.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            AsyncBody body = response.body();
            body.consume();
            try {
                body.done().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                body.cancel();
            }
            return response;
        } catch (TimeoutException e) {
            throw new IOException("the answer takes longer than " + longest.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(tooLarge ? sizeLimit() : String.valueOf(e.getCause()), e);
        } catch (java.util.concurrent.CancellationException e) {
            throw new IOException(tooLarge ? sizeLimit() : "the answer was cut off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String sizeLimit() {
        return "the answer is larger than " + largest + " bytes";
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
