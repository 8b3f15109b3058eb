package io.moongate.model.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares one key of the configuration, once: the component's type is its type, this its default and its doc. The
 * reader, the reference page and the defaults in the code all come from here.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Parameter {
    /** The default as it would stand in YAML; empty for a nested group, and for a required key. */
    String value() default "";

    /** One or two sentences: what it does, its unit, what special values mean. */
    String doc();

    /** Whether a manifest must give it; only inside lists. */
    boolean required() default false;

    /** Smallest and largest number accepted; for durations in seconds. */
    long min() default Long.MIN_VALUE;

    long max() default Long.MAX_VALUE;
}
