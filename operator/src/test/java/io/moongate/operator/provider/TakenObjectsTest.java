package io.moongate.operator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Service;
import io.moongate.model.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of a cluster as many objects are kept as there is room for; the others are a problem, and cost nothing else. */
class TakenObjectsTest {
    private final TakenObjects taken = new TakenObjects("seed", 10);

    @Test
    void whatThereIsNoRoomForIsAProblem() {
        for (int i = 0; i < 10; i++) {
            assertThat(take(service(i, 1))).isTrue();
        }
        assertThat(taken.overfull()).isEmpty();
        assertThat(take(service(10, 1))).as("what is said is different").isTrue();
        assertThat(take(service(11, 1))).as("nothing is").isFalse();
        assertThat(taken.all()).hasSize(10);
        assertThat(taken.overfull()).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
            assertThat(problem.toString()).contains("s10", "more objects than the 10", "-Xmx");
        });
    }

    @Test
    void anObjectThatGrowsBeyondTheRoomKeepsItsLastGoodForm() {
        for (int i = 0; i < 9; i++) {
            take(service(i, 1));
        }
        Manifest grown = service(8, 40);
        assertThat(grown.weight()).isEqualTo(3);
        take(grown);
        assertThat(taken.get(grown.ref())).isEqualTo(service(8, 1));
        assertThat(taken.drop(service(0, 1).ref())).isTrue();
        take(grown);
        assertThat(taken.get(grown.ref())).isEqualTo(grown);
    }

    @Test
    void anObjectThatChangesTakesNoMoreRoom() {
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 10; i++) {
                take(service(i, 1 + round % 10));
            }
        }
        assertThat(taken.overfull()).isEmpty();
        assertThat(take(service(9, 10))).as("the same again").isFalse();
    }

    /** Who asks for it again needs to know which one; the object itself would take the memory that there is not. */
    @Test
    void whatWasRefusedFitsOnceOthersHaveGone() {
        for (int i = 0; i < 10; i++) {
            take(service(i, 1));
        }
        take(service(10, 40));
        take(service(11, 1));
        assertThat(taken.fitting()).isEmpty();
        taken.drop(service(0, 1).ref());
        assertThat(taken.fitting())
                .as("the first needs more")
                .contains(service(11, 1).ref());
        assertThat(take(service(11, 1))).isTrue();
        assertThat(taken.fitting()).isEmpty();
        taken.drop(service(1, 1).ref());
        taken.drop(service(2, 1).ref());
        assertThat(taken.fitting()).isEmpty();
        taken.drop(service(3, 1).ref());
        assertThat(taken.fitting()).contains(service(10, 40).ref());
        assertThat(taken.overfull()).isPresent();
        assertThat(take(service(10, 40))).isTrue();
        assertThat(taken.overfull()).as("all are taken").isEmpty();
    }

    @Test
    void whatHasGoneIsNotAskedFor() {
        for (int i = 0; i < 11; i++) {
            take(service(i, 1));
        }
        assertThat(taken.drop(service(10, 1).ref())).as("the problem has gone").isTrue();
        assertThat(taken.overfull()).isEmpty();
        taken.drop(service(0, 1).ref());
        assertThat(taken.fitting()).isEmpty();
    }

    private boolean take(Manifest manifest) {
        return taken.take(manifest.ref(), manifest);
    }

    private static Manifest service(int number, int ports) {
        return new Manifest.OfService(new Service(
                "x",
                "s" + number,
                List.of(),
                IntStream.range(1, ports + 1)
                        .mapToObj(port -> new Service.Port("p" + port, port, true))
                        .toList(),
                Map.of()));
    }
}
