package io.moongate.plan;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Decides what of a new landscape is taken, so that an edit never does damage by accident: a shoot goes only after it
 * has been absent for {@link #ABSENCE}; many that go at once are held until a person confirms; the configuration
 * never falls back to defaults because its file went away.
 */
public final class Continuity {
    public static final Duration ABSENCE = Duration.ofSeconds(10);
    static final int HELD_ABOVE_COUNT = 5;
    static final int HELD_ABOVE_PERCENT = 10;

    private Continuity() {}

    /** What is in force, since when parts of it are absent from the input, and which absences a person confirmed. */
    public record State(Landscape inForce, Map<ShootKey, Instant> absentSince, Set<ShootKey> confirmed) {
        public static final State NOTHING = new State(Landscape.EMPTY, Map.of(), Set.of());

        public State {
            absentSince = Map.copyOf(absentSince);
            confirmed = Set.copyOf(confirmed);
        }

        /** The state after a restart, from what was in force before it. */
        public static State restored(Landscape lastGood) {
            return new State(lastGood, Map.of(), Set.of());
        }
    }

    /**
     * @param held what {@code confirm} takes to let a held removal happen
     * @param recheckAt when the same input would lead to another result
     */
    public record Result(State state, List<Problem> problems, Optional<String> held, Optional<Instant> recheckAt) {}

    /** Whether many removals at once wait for a person: not where one has been asked already. */
    public enum MassRemoval {
        HELD,
        TAKEN
    }

    public static Result step(State before, Landscape incoming, Instant now, Optional<String> confirmation) {
        return step(before, incoming, now, confirmation, MassRemoval.HELD);
    }

    public static Result step(
            State before, Landscape incoming, Instant now, Optional<String> confirmation, MassRemoval massRemoval) {
        Map<ShootKey, Shoot> arriving = byKey(incoming);
        var absentSince = new TreeMap<ShootKey, Instant>();
        for (Shoot shoot : before.inForce().shoots()) {
            if (isAbsent(shoot, Optional.ofNullable(arriving.get(shoot.key())))) {
                absentSince.put(shoot.key(), before.absentSince().getOrDefault(shoot.key(), now));
            }
        }
        var confirmed = new HashSet<>(before.confirmed());
        confirmed.retainAll(absentSince.keySet());
        Set<ShootKey> unconfirmed = minus(absentSince.keySet(), confirmed);
        boolean held = massRemoval == MassRemoval.HELD
                && isMassRemoval(unconfirmed.size(), before.inForce().shoots().size());
        if (held && confirmation.equals(Optional.of(idOf(unconfirmed)))) {
            confirmed.addAll(unconfirmed);
            held = false;
        }
        Set<ShootKey> kept = new HashSet<>();
        for (var absence : absentSince.entrySet()) {
            boolean waits = held && !confirmed.contains(absence.getKey());
            if (waits || now.isBefore(absence.getValue().plus(ABSENCE))) {
                kept.add(absence.getKey());
            }
        }
        absentSince.keySet().retainAll(kept);
        confirmed.retainAll(kept);

        var problems = new ArrayList<Problem>();
        Landscape inForce = merge(before.inForce(), incoming, kept, problems);
        Optional<String> heldId = held ? Optional.of(idOf(unconfirmed)) : Optional.empty();
        heldId.ifPresent(id ->
                problems.add(heldProblem(unconfirmed, before.inForce().shoots().size(), id)));
        Optional<Instant> recheck = absentSince.values().stream()
                .map(since -> since.plus(ABSENCE))
                .filter(due -> due.isAfter(now))
                .min(Instant::compareTo);
        return new Result(new State(inForce, absentSince, confirmed), problems, heldId, recheck);
    }

    /** A technical ID never changes in the life of a shoot: another one, or none, means that the old shoot is gone. */
    private static boolean isAbsent(Shoot known, Optional<Shoot> arriving) {
        return arriving.isEmpty()
                || (known.technicalId().isPresent()
                        && !known.technicalId().equals(arriving.get().technicalId()));
    }

    private static boolean isMassRemoval(int absent, int inForce) {
        return absent > HELD_ABOVE_COUNT && absent * 100 > inForce * HELD_ABOVE_PERCENT;
    }

    private static Landscape merge(Landscape before, Landscape incoming, Set<ShootKey> kept, List<Problem> problems) {
        Map<ShootKey, Shoot> shoots = new LinkedHashMap<>(byKey(incoming));
        Set<String> keptNamespaces = new HashSet<>();
        for (Shoot shoot : before.shoots()) {
            if (kept.contains(shoot.key())) {
                shoots.put(shoot.key(), shoot);
                shoot.technicalId().ifPresent(keptNamespaces::add);
            }
        }
        if (incoming.configuration().isEmpty() && before.configuration().isPresent()) {
            problems.add(Problem.general(
                    Problem.Code.CONFIGURATION_ABSENT,
                    "the MoongateConfiguration is gone from the input; the last one stays in force",
                    "put it back, or give one without keys to return to the defaults"));
        }
        return new Landscape(
                incoming.configuration().or(before::configuration),
                incoming.seeds(),
                List.copyOf(shoots.values()),
                keep(
                        before.services(),
                        incoming.services(),
                        Service::namespace,
                        s -> s.namespace() + "/" + s.name(),
                        keptNamespaces),
                keep(
                        before.endpointSlices(),
                        incoming.endpointSlices(),
                        EndpointSlice::namespace,
                        s -> s.namespace() + "/" + s.name(),
                        keptNamespaces));
    }

    /** What an absent shoot had stays with it: without its endpoints a shoot that is kept would be of no use. */
    private static <T> List<T> keep(
            List<T> before,
            List<T> incoming,
            Function<T, String> namespace,
            Function<T, String> name,
            Set<String> keptNamespaces) {
        var all = new LinkedHashMap<String, T>();
        before.stream()
                .filter(t -> keptNamespaces.contains(namespace.apply(t)))
                .forEach(t -> all.put(name.apply(t), t));
        incoming.forEach(t -> all.put(name.apply(t), t));
        return List.copyOf(all.values());
    }

    private static Problem heldProblem(Set<ShootKey> absent, int of, String id) {
        String some = absent.stream().sorted().limit(3).map(ShootKey::toString).collect(joining(", "));
        String more = absent.size() > 3 ? " and " + (absent.size() - 3) + " more" : "";
        return Problem.general(
                Problem.Code.REMOVAL_HELD,
                absent.size() + " of " + of + " shoots are gone from the input at once (" + some + more
                        + "); they stay in force",
                "put them back, or remove them with `moongate confirm " + id + "`");
    }

    /** Names exactly this set of shoots, so that a confirmation cannot cover what its giver has not seen. */
    private static String idOf(Set<ShootKey> absent) {
        String names = absent.stream().sorted().map(ShootKey::toString).collect(joining(" "));
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < names.length(); i++) {
            hash = (hash ^ names.charAt(i)) * 0x100000001b3L;
        }
        return String.format("%d-%012x", absent.size(), hash & 0xffffffffffffL);
    }

    private static Set<ShootKey> minus(Set<ShootKey> all, Set<ShootKey> without) {
        return all.stream().filter(k -> !without.contains(k)).collect(toSet());
    }

    private static Map<ShootKey, Shoot> byKey(Landscape landscape) {
        return landscape.shoots().stream()
                .collect(toMap(Shoot::key, Function.identity(), (first, second) -> first, LinkedHashMap::new));
    }
}
