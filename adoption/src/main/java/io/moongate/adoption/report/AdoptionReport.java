package io.moongate.adoption.report;

import static java.util.stream.Collectors.joining;

import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declarations;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has moved, who says so and has not, and of whom nobody knows.
 *
 * @param from the begin of the evidence window
 * @param unseen how much of the window nobody looked
 * @param gardenlets the seeds of which a gardenlet removes the legacy port
 * @param rows those that a person should read first come first
 */
public record AdoptionReport(Instant at, Instant from, Duration unseen, Gardenlets gardenlets, List<AdoptionRow> rows) {
    /** What is cut off by a restart of whoever looks dials again within this time, and is seen then. */
    static final Duration TOLERATED_GAP = Duration.ofMinutes(5);
    /** In a short window less is tolerated: one that nobody looked at proves nothing. */
    private static final int PARTS_OF_WINDOW = 20;
    /** So long old tunnels may take to end after the last component has moved. */
    static final Duration GRACE = Duration.ofMinutes(1);
    /** An owner declares when it has deployed the VPN client: its API server proxies follow, node by node. */
    static final Duration ROLLOUT_GRACE = Duration.ofHours(1);
    /** A shoot without a tunnel for so long has nobody to talk to its nodes. */
    static final Duration SILENCE = Duration.ofMinutes(5);

    /**
     * @param gardenlets where a gardenlet has to agree, too
     * @param clients who deploys the shoots' clients: the operator, or an owner that is not observed
     */
    public static AdoptionReport of(
            Collection<Shoot> shoots,
            Gardenlets gardenlets,
            Evidence evidence,
            Duration window,
            Ownership.Mode clients,
            Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.SECONDS);
        Instant from = now.minus(window);
        Map<ShootKey, Map<Entrance, Use>> seen = evidence.byShoot();
        Duration part = window.dividedBy(PARTS_OF_WINDOW);
        Duration tolerated = part.compareTo(TOLERATED_GAP) < 0 ? part : TOLERATED_GAP;
        boolean watched = evidence.coverage().gaps(from, now).stream()
                .allMatch(gap -> Duration.between(gap.from(), gap.to()).compareTo(tolerated) <= 0);
        Instant lately = now.minus(SILENCE);
        boolean watchedLately = evidence.coverage().gaps(lately, now).isEmpty();
        var common = new Common(from, lately, watched, watchedLately, clients, gardenlets);
        List<AdoptionRow> rows = shoots.stream()
                .map(shoot -> new Judge(shoot, seen.getOrDefault(shoot.key(), Map.of()), common).row())
                .sorted(Comparator.comparing(AdoptionRow::finding).thenComparing(AdoptionRow::shoot))
                .toList();
        return new AdoptionReport(now, from, evidence.coverage().unseen(from, now), gardenlets, rows);
    }

    /** To the second: nobody needs more. */
    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static final String NO_TUNNEL = "no tunnel on the unified port for more than " + SILENCE.toMinutes()
            + " minutes: look at its VPN client and API server proxies";

    /**
     * What is the same for all shoots.
     *
     * @param from the begin of the evidence window
     * @param lately the begin of the time without a tunnel that makes a shoot silent
     * @param watched whether somebody looked all the window through
     * @param watchedLately the same, since {@code lately}
     * @param clients who deploys the shoots' clients
     */
    private record Common(
            Instant from,
            Instant lately,
            boolean watched,
            boolean watchedLately,
            Ownership.Mode clients,
            Gardenlets gardenlets) {}

    /** One shoot's finding. */
    private record Judge(Shoot shoot, Map<Entrance, Use> own, Common common) {
        Use legacy() {
            return own.getOrDefault(Entrance.LEGACY, Use.none(shoot.key(), Entrance.LEGACY));
        }

        Use unified() {
            return own.getOrDefault(Entrance.UNIFIED, Use.none(shoot.key(), Entrance.UNIFIED));
        }

        AdoptionRow row() {
            AdoptionRow row = byWhatIsSeen();
            Optional<GardenletCheck> refusal =
                    gardenlet().filter(check -> check.result() == GardenletCheck.Result.Refuses);
            return refusal.isPresent() && !row.finding().blocks()
                    ? found(Finding.GardenletRefuses, refusal.get().why())
                    : row;
        }

        private Optional<GardenletCheck> gardenlet() {
            return common.gardenlets().have(shoot) ? Optional.of(GardenletCheck.of(shoot)) : Optional.empty();
        }

        private AdoptionRow byWhatIsSeen() {
            return declared()
                    .flatMap(this::contradiction)
                    .or(this::usesLegacyPort)
                    .or(this::withoutClients)
                    .or(this::stuck)
                    .or(this::disagreement)
                    .orElseGet(() -> declared().isPresent() ? declaredTrue() : notDeclared());
        }

        /** The entry of its status that says that it has moved. */
        private Optional<Declaration> declared() {
            return shoot.declared().counted().filter(Declaration::isTrue);
        }

        private Optional<AdoptionRow> contradiction(Declaration declared) {
            boolean lately = legacy().since(common.from());
            boolean afterwards = declared.since()
                    .filter(moved -> !legacy().since(moved.plus(graceOf(declared))))
                    .isEmpty();
            return lately && afterwards
                    ? Optional.of(found(
                            Finding.Contradiction,
                            "declared True by " + declared.by().label()
                                    + declared.since()
                                            .map(since -> " since " + text(since))
                                            .orElse("")
                                    + ", but " + lastUse()
                                    + ": find the client that still has the old configuration"))
                    : Optional.empty();
        }

        private static Duration graceOf(Declaration declared) {
            return declared.entry() == Declaration.Entry.CONSTRAINT ? ROLLOUT_GRACE : GRACE;
        }

        private Optional<AdoptionRow> disagreement() {
            Declarations declared = shoot.declared();
            if (!declared.disagree()) {
                return Optional.empty();
            }
            String said = declared.all().stream().map(Declaration::toString).collect(joining(", but "));
            String why = declared.condition()
                    .filter(c -> !c.message().isEmpty())
                    .map(c -> " (" + c.message() + ")")
                    .orElse("");
            return Optional.of(found(
                    Finding.Disagreement, said + why + ": check which port its VPN client and API server proxies use"));
        }

        /** Whatever kind of shoot it is. */
        private Optional<AdoptionRow> usesLegacyPort() {
            return legacy().since(common.from())
                    ? Optional.of(found(
                            Finding.UsesLegacyPort,
                            lastUse()
                                    + (declared().isPresent()
                                            ? ", before it moved: it passes when that has left the window"
                                            : ": move it"
                                                    + itsConditionSays()
                                                            .map(said -> "; " + said)
                                                            .orElse(""))))
                    : Optional.empty();
        }

        private Optional<AdoptionRow> withoutClients() {
            if (common.gardenlets().haveNot(shoot)) {
                return Optional.of(found(
                        Finding.WithoutClients,
                        "no seed is responsible for it: it is not scheduled yet, or hosts its control plane itself"));
            }
            return switch (shootClass()) {
                case Workerless -> Optional.of(found(Finding.WithoutClients, "it has no workers"));
                case Deleting -> Optional.of(found(Finding.WithoutClients, "it is being deleted"));
                default -> Optional.empty();
            };
        }

        private Optional<AdoptionRow> stuck() {
            return shootClass().isStuck()
                    ? Optional.of(found(
                            Finding.Away,
                            "nobody could change its clients: "
                                    + switch (shootClass()) {
                                        case Failed -> "its last operation has failed; mend it and retry";
                                        case InvalidCredentials ->
                                            "its infrastructure refuses its credentials; renew them";
                                        case Ignored -> "it is ignored; take the annotation away";
                                        default -> "it is migrating; wait until that is done";
                                    }))
                    : Optional.empty();
        }

        private AdoptionRow declaredTrue() {
            if (!common.watched()) {
                return found(
                        Finding.NotObserved,
                        "nobody looked for a part of the time since " + common.from() + ": wait until it is over"
                                + (isSilent() ? "; and " + NO_TUNNEL : ""));
            }
            if (isSilent()) {
                return found(Finding.Silent, "declared True, but " + NO_TUNNEL);
            }
            return found(
                    Finding.Moved,
                    shootClass() == ShootClass.Hibernated
                            ? wakesUpMoved()
                            : "not seen on the legacy port since " + common.from());
        }

        private AdoptionRow notDeclared() {
            if (shootClass() == ShootClass.Hibernated) {
                return found(Finding.Away, wakesUpUnmoved());
            }
            if (shootClass() == ShootClass.Creating) {
                return unified().lastSeen().isPresent()
                        ? found(Finding.Arriving, "it is being created, and its clients came on the unified port")
                        : found(
                                Finding.NotMoved,
                                "it is being created, and its clients have not come yet: wait for them");
            }
            return found(
                    Finding.NotMoved,
                    "it was not seen on the legacy port, but "
                            + itsConditionSays()
                                    .orElse("its status has neither the constraint " + Condition.CONSTRAINT
                                            + " nor the condition " + Condition.TYPE
                                            + ": the owner of its clients sets one of them when it has moved them"));
        }

        /** Why it has not moved, in the words of whoever tried: a probe that failed, a rollout that stalls. */
        private Optional<String> itsConditionSays() {
            return shoot.declared()
                    .counted()
                    .map(d -> "its " + d.entry().label() + " is " + d.status() + ": "
                            + (d.message().isEmpty() ? d.reason() : d.message()));
        }

        private String wakesUpMoved() {
            return switch (common.clients()) {
                case Manage ->
                    "it moved before it fell asleep, and wakes up with that configuration: it sleeps in its own API server";
                case Observe ->
                    "it moved before it fell asleep, and wakes up as its owner deploys it: he must not go back before";
            };
        }

        private String wakesUpUnmoved() {
            return switch (common.clients()) {
                case Manage ->
                    "it fell asleep with another configuration than the new one, as far as was seen, and that is in its"
                            + " own API server: its clients would dial before the operator can change them; wake it up, and let it move";
                case Observe ->
                    "it fell asleep with another configuration than the new one, as far as was seen, and what its owner has"
                            + " prepared cannot be seen from here: wake it up, and let it move";
            };
        }

        private ShootClass shootClass() {
            ShootClass own = ShootClass.of(shoot);
            boolean notPickedUp =
                    shoot.lastOperation().isEmpty() && common.gardenlets().have(shoot);
            return notPickedUp && own == ShootClass.Active ? ShootClass.Creating : own;
        }

        /** Only who has been watched all the time can be called silent. */
        private boolean isSilent() {
            boolean seenLately = unified().since(common.lately());
            boolean movedBefore = shootClass() == ShootClass.Active
                    && declared()
                            .filter(d -> d.since()
                                    .filter(since -> !since.isBefore(common.lately()))
                                    .isEmpty())
                            .isPresent();
            return movedBefore && !seenLately && common.watchedLately();
        }

        private String lastUse() {
            return legacy().up() > 0
                    ? "up on the legacy port now: " + legacy().up()
                    : "last seen on the legacy port at "
                            + legacy().lastSeen().map(AdoptionReport::text).orElse("?");
        }

        private AdoptionRow found(Finding finding, String why) {
            return new AdoptionRow(
                    shoot.key(),
                    shoot.placement().responsible(),
                    shoot.purpose(),
                    shootClass(),
                    shoot.declared(),
                    gardenlet(),
                    legacy(),
                    unified(),
                    finding,
                    isSilent(),
                    why);
        }
    }
}
