package io.moongate.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContestedTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Contested contested = new Contested();

    @Test
    void whoChangesItBackAgainAndAgainIsLeftAlone() {
        assertThat(see("manager", 0)).isEmpty();
        assertThat(see("manager", 10)).isEmpty();
        assertThat(see("manager", 20)).contains("manager");
        assertThat(see("manager", 30)).contains("manager");
    }

    @Test
    void anEditNowAndThenIsRepaired() {
        assertThat(see("kubectl-edit", 0)).isEmpty();
        assertThat(see("kubectl-edit", 400)).isEmpty();
        assertThat(see("kubectl-edit", 800)).isEmpty();
        assertThat(see("kubectl-edit", 1200)).isEmpty();
    }

    @Test
    void theSameChangeSeenTwiceIsOne() {
        for (int i = 0; i < 5; i++) {
            assertThat(see("manager", 0)).isEmpty();
        }
    }

    @Test
    void ourOwnChangesAreNobodysFight() {
        for (int i = 0; i < 5; i++) {
            assertThat(see("moongate", i)).isEmpty();
        }
    }

    @Test
    void afterARestItIsTriedOnceMore() {
        see("manager", 0);
        see("manager", 10);
        assertThat(see("manager", 20)).isPresent();
        assertThat(contested.insisting("o", changedBy("moongate", 21), START.plusSeconds(700)))
                .isEmpty();
    }

    private Optional<String> see(String manager, int second) {
        return contested.insisting("o", changedBy(manager, second), START.plusSeconds(second));
    }

    private static GenericKubernetesResource changedBy(String manager, int second) {
        var object = new GenericKubernetesResource();
        object.setMetadata(new ObjectMetaBuilder()
                .withManagedFields(List.of(
                        new ManagedFieldsEntryBuilder()
                                .withManager("moongate")
                                .withTime(START.minusSeconds(60).toString())
                                .build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager("controller")
                                .withSubresource("status")
                                .withTime(START.plusSeconds(5000).toString())
                                .build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager(manager)
                                .withTime(START.plusSeconds(second).toString())
                                .build()))
                .build());
        return object;
    }
}
