package io.moongate.cli.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGTERM and SIGINT: the first asks to stop, the second stops. A shutdown hook could not see the second one. By
 * reflection, because the compiler rejects {@code sun.misc.Signal} under -Werror, although jdk.unsupported exports it.
 */
public final class Signals {
    private static final AtomicInteger RECEIVED = new AtomicInteger();

    private Signals() {}

    public static void onTermination(Runnable stop) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
                return method.getName().equals("hashCode") ? 1 : method.getName();
            }
            if (RECEIVED.getAndIncrement() == 0) {
                stop.run();
            } else {
                Runtime.getRuntime().halt(0);
            }
            return null;
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object instance =
                    Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, handler);
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handlerType)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM has no sun.misc.Signal; use a JDK with the module jdk.unsupported", e);
        }
    }
}
