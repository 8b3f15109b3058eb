package io.moongate.operator;

/** Says that something has changed, to one thread that waits for it; many at once are one. */
final class Signal {
    private boolean raised;

    synchronized void raise() {
        raised = true;
        notifyAll();
    }

    synchronized void clear() {
        raised = false;
    }

    /** Whether it was raised within the time. */
    synchronized boolean await(long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !raised && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return raised;
    }
}
