package io.moongate.adoption.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Condition.Status;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declaration.Entry;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.LastOperation;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside a gardenlet: its constraint declares, it may contradict what was observed, and it has a check of its own. */
class GardenletTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration WINDOW = Duration.ofDays(7);
    private static final Instant MOVED = NOW.minus(Duration.ofDays(1));
    private static final ShootKey KEY = new ShootKey("garden-a", "one");
    private static final Seed SEED = new Seed("s", false, Map.of(), Optional.of("v1.148.0"));

    private final List<Use> uses = new ArrayList<>();
    private Optional<LastOperation> last = Optional.of(new LastOperation("Reconcile", "Succeeded"));
    private Optional<Declaration> condition = Optional.empty();
    private Optional<Declaration> constraint = Optional.empty();
    private boolean workerless;
    private Lifecycle lifecycle = Lifecycle.ACTIVE;
    private Standing standing = Standing.SETTLED;
    private List<Seed> seeds = List.of(SEED);
    private Optional<String> seed = Optional.of("s");

    @Test
    void theConstraintDeclares() {
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.GARDENLET);
        use(Entrance.UNIFIED, NOW);
        AdoptionRow row = judge();
        assertThat(row.finding()).isEqualTo(Finding.Moved);
        assertThat(AdoptionTree.of(row)).containsEntry("declaredBy", "gardenlet");
    }

    @Test
    void ourOwnConstraintIsOnlyTheMemoryOfTheCondition() {
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.MOONGATE);
        condition = entry(Entry.CONDITION, Status.Unknown, Author.MOONGATE);
        assertThat(judge().finding()).isEqualTo(Finding.NotMoved);
    }

    @Test
    void anOwnerMayRollOutForAnHour() {
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.GARDENLET);
        use(Entrance.LEGACY, MOVED.plus(Duration.ofMinutes(59)));
        assertThat(judge().finding()).isEqualTo(Finding.UsesLegacyPort);
        uses.clear();
        use(Entrance.LEGACY, MOVED.plus(Duration.ofMinutes(61)));
        AdoptionRow row = judge();
        assertThat(row.finding()).isEqualTo(Finding.Contradiction);
        assertThat(row.why()).contains("declared True by gardenlet since " + MOVED);
    }

    @Test
    void declarationsThatDisagreeAreAFinding() {
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.GARDENLET);
        condition = entry(Entry.CONDITION, Status.False, Author.MOONGATE);
        AdoptionRow row = judge();
        assertThat(row.finding()).isEqualTo(Finding.Disagreement);
        assertThat(row.finding().blocks()).isTrue();
        assertThat(row.why())
                .contains(
                        "condition ShootUsesUnifiedHTTPProxyPort is False (moongate)",
                        "constraint UsesUnifiedHTTPProxyPort is True (gardenlet)");
        assertThat(AdoptionTree.of(row)).containsKey("declarations");
        condition = entry(Entry.CONDITION, Status.Unknown, Author.MOONGATE);
        assertThat(judge().finding()).as("Unknown contradicts nothing").isNotEqualTo(Finding.Disagreement);
    }

    @ParameterizedTest
    @CsvSource({
        // workerless, last operation, constraint → result
        "true,  Reconcile, Succeeded,  '',      Skipped",
        "false, '',        '',         '',      Skipped",
        "false, Create,    Processing, '',      Skipped",
        "false, Create,    Failed,     '',      Skipped",
        "false, Delete,    Error,      '',      Skipped",
        "false, Create,    Succeeded,  '',      Refuses",
        "false, Reconcile, Succeeded,  '',      Refuses",
        "false, Reconcile, Processing, '',      Refuses",
        "false, Reconcile, Failed,     False,   Refuses",
        "false, Migrate,   Processing, Unknown, Refuses",
        "false, Reconcile, Failed,     True,    Passes",
    })
    void gardenletsOwnCheck(boolean noWorkers, String type, String state, String status, String result) {
        workerless = noWorkers;
        last = type.isEmpty() ? Optional.empty() : Optional.of(new LastOperation(type, state));
        constraint =
                status.isEmpty() ? Optional.empty() : entry(Entry.CONSTRAINT, Status.valueOf(status), Author.GARDENLET);
        assertThat(judge().gardenlet().orElseThrow().result().name()).isEqualTo(result);
    }

    @Test
    void whoeverHasMovedWithoutTheConstraintBlocksGardenlet() {
        condition = entry(Entry.CONDITION, Status.True, Author.MOONGATE);
        use(Entrance.UNIFIED, NOW);
        assertThat(judge().finding()).isEqualTo(Finding.GardenletRefuses);
        seeds = List.of(new Seed("s", false, Map.of(), Optional.empty()));
        assertThat(judge().finding()).as("no gardenlet here").isEqualTo(Finding.Moved);
    }

    @Test
    void aShootThatIsMarkedForDeletionIsStillChecked() {
        lifecycle = Lifecycle.DELETING;
        assertThat(judge().finding()).isEqualTo(Finding.GardenletRefuses);
        last = Optional.of(new LastOperation("Delete", "Processing"));
        assertThat(judge().finding()).isEqualTo(Finding.WithoutClients);
    }

    @Test
    void aGardenletIsKnownByItsConstraintToo() {
        seeds = List.of();
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.GARDENLET);
        assertThat(judge().gardenlet()).isPresent();
        constraint = entry(Entry.CONSTRAINT, Status.True, Author.OTHER);
        assertThat(judge().gardenlet()).isEmpty();
    }

    /** One that waits for a seed, and a self-hosted one: its control plane runs on its own machines. */
    @Test
    void aShootWithoutASeedHasNoClientsOfAGateway() {
        seed = Optional.empty();
        assertThat(judge().finding()).isEqualTo(Finding.WithoutClients);
        standing = Standing.CREATING;
        assertThat(judge().finding()).isEqualTo(Finding.WithoutClients);
        use(Entrance.LEGACY, NOW);
        assertThat(judge().finding()).as("whatever is true of it").isEqualTo(Finding.UsesLegacyPort);
        uses.clear();
        seeds = List.of();
        assertThat(judge().finding()).as("where nobody writes seeds").isEqualTo(Finding.NotMoved);
    }

    @Test
    void whatGardenletHasNotPickedUpIsBeingCreated() {
        last = Optional.empty();
        AdoptionRow row = judge();
        assertThat(row.shootClass()).isEqualTo(ShootClass.Creating);
        assertThat(row.why()).contains("its clients have not come yet");
        use(Entrance.UNIFIED, NOW);
        assertThat(judge().finding()).isEqualTo(Finding.Arriving);
        seeds = List.of();
        assertThat(judge().shootClass())
                .as("elsewhere nobody writes operations")
                .isEqualTo(ShootClass.Active);
    }

    private static Optional<Declaration> entry(Entry entry, Status status, Author by) {
        return Optional.of(new Declaration(entry, status, "Reason", "m", Optional.of(MOVED), by));
    }

    private void use(Entrance entrance, Instant last) {
        uses.add(new Use(KEY, entrance, Optional.of(last), Optional.of(last), 0, 1, 0, 0, Map.of()));
    }

    private AdoptionRow judge() {
        var shoot = new Shoot(
                KEY,
                Optional.of("shoot--a--one"),
                new Shoot.Placement(seed, seed),
                new Shoot.Traits(workerless, false, false, lifecycle, standing),
                Optional.of("production"),
                List.of(),
                Map.of(),
                Optional.empty(),
                last,
                Adoption.ABSENT,
                new Declarations(condition, constraint));
        var coverage = new Coverage(List.of(new Coverage.Span(NOW.minus(Duration.ofDays(30)), NOW)));
        return AdoptionReport.of(
                        List.of(shoot),
                        Gardenlets.of(seeds, List.of(shoot)),
                        new Evidence(uses, coverage),
                        WINDOW,
                        Ownership.Mode.Observe,
                        NOW)
                .rows()
                .getFirst();
    }
}
