package io.moongate.operator.provider;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** That something has changed. It is signalled once, from any thread: what fails to make something of it must not lose it. */
public final class Changes {
    private final AtomicBoolean some = new AtomicBoolean(true);

    public void signal() {
        some.set(true);
    }

    /**
     * What is made of what has changed since the last call that succeeded; empty where nothing has.
     *
     * @param make sees each change that was signalled before; one that is signalled meanwhile is for the next call
     */
    public <T> Optional<T> take(Supplier<T> make) {
        if (!some.getAndSet(false)) {
            return Optional.empty();
        }
        try {
            return Optional.of(make.get());
        } catch (RuntimeException | Error e) {
            signal();
            throw e;
        }
    }
}
