package io.moongate.adoption.removal;

import static java.util.stream.Collectors.toMap;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.GardenletCheck;
import io.moongate.adoption.report.ShootClass;
import io.moongate.model.config.RemovalSettings.Exemption;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether the legacy port could be removed now.
 *
 * @param shoots of how many it speaks
 * @param blockers for these it has to stay
 * @param notes these pass, and a person should know why
 * @param exempted these would block, and somebody answers for them
 * @param expired exemptions that no longer count; their shoots are judged as all others
 */
public record Verdict(
        Instant at,
        int shoots,
        List<AdoptionRow> blockers,
        List<AdoptionRow> notes,
        List<Exempted> exempted,
        List<Exemption> expired) {
    private static final int NAMED = 5;

    /** A shoot that may be cut off, and who answers for it. */
    public record Exempted(AdoptionRow row, Exemption exemption) {}

    public static Verdict of(AdoptionReport report, List<Exemption> exemptions) {
        List<Exemption> expired = exemptions.stream()
                .filter(e -> !report.at().isBefore(e.expires()))
                .toList();
        Map<ShootKey, Exemption> answered = exemptions.stream()
                .filter(e -> !expired.contains(e))
                .collect(toMap(Exemption::shoot, Function.identity()));
        var blockers = new ArrayList<AdoptionRow>();
        var notes = new ArrayList<AdoptionRow>();
        var exempted = new ArrayList<Exempted>();
        for (AdoptionRow row : report.rows()) {
            Exemption exemption = answered.get(row.shoot());
            if (exemption != null && isRefused(row)) {
                blockers.add(row.judged(
                        Finding.GardenletRefuses,
                        "exempted, but an exemption does not count for gardenlet: "
                                + row.gardenlet().orElseThrow().why()));
            } else if (row.finding().blocks() && exemption != null) {
                exempted.add(new Exempted(row, exemption));
            } else if (row.finding().blocks()) {
                blockers.add(row);
            } else if (row.finding() != Finding.Moved || row.shootClass() == ShootClass.Hibernated) {
                notes.add(row);
            }
        }
        return new Verdict(
                report.at(),
                report.rows().size(),
                List.copyOf(blockers),
                List.copyOf(notes),
                List.copyOf(exempted),
                expired);
    }

    private static boolean isRefused(AdoptionRow row) {
        return row.gardenlet()
                .filter(check -> check.result() == GardenletCheck.Result.Refuses)
                .isPresent();
    }

    /** Of no shoot at all nobody can say that it is safe: the input may be away. */
    public boolean removable() {
        return blockers.isEmpty() && shoots > 0;
    }

    /** In one sentence, with the first blockers by name. */
    public String summary() {
        if (shoots == 0) {
            return "no shoot is known, so nobody can tell";
        }
        if (blockers.isEmpty()) {
            return "nothing blocks the removal of the legacy port";
        }
        String more = blockers.size() > NAMED ? " and " + (blockers.size() - NAMED) + " more" : "";
        Stream<String> first = blockers.stream()
                .limit(NAMED)
                .map(row -> row.shoot() + " (" + row.finding() + ", " + row.shootClass() + ")");
        return blockers.size() + " of " + shoots + " shoots need the legacy port: " + String.join(", ", first.toList())
                + more;
    }
}
