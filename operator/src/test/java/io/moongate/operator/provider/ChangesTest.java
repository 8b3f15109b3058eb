package io.moongate.operator.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChangesTest {
    private final Changes changes = new Changes();

    @Test
    void aChangeIsTakenOnce() {
        assertThat(changes.take(() -> "first"))
                .as("all is new at the beginning")
                .contains("first");
        assertThat(changes.take(() -> "again")).isEmpty();
        changes.signal();
        changes.signal();
        assertThat(changes.take(() -> "second")).contains("second");
        assertThat(changes.take(() -> "again")).isEmpty();
    }

    @Test
    void whatFailsLosesNothing() {
        assertThatThrownBy(() -> changes.take(() -> {
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(changes.take(() -> "later")).contains("later");
    }

    @Test
    void whatChangesMeanwhileIsForTheNextCall() {
        changes.take(() -> {
            changes.signal();
            return "first";
        });
        assertThat(changes.take(() -> "second")).contains("second");
    }
}
