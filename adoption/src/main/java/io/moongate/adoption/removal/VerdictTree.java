package io.moongate.adoption.removal;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.AdoptionTree;
import io.moongate.adoption.report.Finding;
import io.moongate.model.config.RemovalSettings;
import io.moongate.model.config.RemovalSettings.Exemption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the legacy port stands, as maps and lists: what {@code /legacy-port} answers. Times are RFC 3339. */
public final class VerdictTree {
    /** Who reads a record wants to know how it was, not all of it again. */
    private static final int NAMED_IN_EVIDENCE = 100;

    private static final int DECISIONS_SHOWN = 100;

    private VerdictTree() {}

    /**
     * All that is known about it at one moment.
     *
     * @param decisions oldest first
     * @param listening where the legacy port is served at this moment
     * @param tunnels that are up there
     * @param changes what a removal would change elsewhere, in this order
     * @param envoys whether Envoys that nobody here configures serve it as well, and tell about it
     */
    public record Standing(
            AdoptionReport report,
            Removal removal,
            Verdict verdict,
            RemovalSettings settings,
            List<Decision> decisions,
            List<String> listening,
            int tunnels,
            List<String> changes,
            boolean envoys) {}

    /**
     * {@code port, since?, rollbackUntil?, listening, tunnels, changes, envoys, removable, summary, paceSeconds, rollbackWindowSeconds, gardenlets, blockers,
     * notes, exempted, expired, decisions}; decisions newest first.
     */
    public static Map<String, Object> of(Standing standing) {
        var tree = new LinkedHashMap<String, Object>();
        Verdict verdict = standing.verdict();
        RemovalSettings settings = standing.settings();
        tree.put("port", standing.removal().port().name());
        standing.removal().since().ifPresent(decision -> tree.put("since", of(decision)));
        standing.removal()
                .rollbackUntil(settings.rollbackWindow())
                .ifPresent(until -> tree.put("rollbackUntil", text(until)));
        tree.put("listening", standing.listening());
        tree.put("tunnels", standing.tunnels());
        tree.put("changes", standing.changes());
        tree.put("envoys", standing.envoys());
        tree.put("removable", verdict.removable());
        tree.put("summary", verdict.summary());
        tree.put("paceSeconds", settings.pace().toSeconds());
        tree.put("rollbackWindowSeconds", settings.rollbackWindow().toSeconds());
        tree.put("gardenlets", GardenletVerdict.of(standing.report()));
        tree.put("blockers", AdoptionTree.of(verdict.blockers()));
        tree.put("notes", AdoptionTree.of(verdict.notes()));
        tree.put(
                "exempted",
                verdict.exempted().stream()
                        .map(e -> {
                            var row = new LinkedHashMap<>(AdoptionTree.of(e.row()));
                            row.put("exemption", of(e.exemption()));
                            return row;
                        })
                        .toList());
        tree.put("expired", verdict.expired().stream().map(VerdictTree::of).toList());
        tree.put(
                "decisions",
                standing.decisions().reversed().stream()
                        .limit(DECISIONS_SHOWN)
                        .map(VerdictTree::of)
                        .toList());
        return tree;
    }

    /**
     * What is kept with a decision.
     *
     * @param wanted what was to be done
     * @param refusal why it was not done, if so
     */
    public static Map<String, Object> evidence(
            AdoptionReport report, Verdict verdict, Decision.Action wanted, Optional<String> refusal) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("wanted", wanted.name());
        refusal.ifPresent(why -> tree.put("refused", why));
        tree.put("windowFrom", report.from().toString());
        tree.put("unseenSeconds", report.unseen().toSeconds());
        tree.put("shoots", verdict.shoots());
        Map<Finding, Long> counts =
                new TreeMap<>(report.rows().stream().collect(groupingBy(AdoptionRow::finding, counting())));
        var findings = new LinkedHashMap<String, Object>();
        counts.forEach((finding, count) -> findings.put(finding.name(), count));
        tree.put("findings", findings);
        tree.put(
                "blockers",
                verdict.blockers().stream()
                        .limit(NAMED_IN_EVIDENCE)
                        .map(row -> row.shoot() + " " + row.finding())
                        .toList());
        tree.put(
                "exempted",
                verdict.exempted().stream().map(e -> of(e.exemption())).toList());
        return tree;
    }

    private static Map<String, Object> of(Exemption exemption) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("shoot", exemption.shoot().toString());
        tree.put("owner", exemption.owner());
        tree.put("reason", exemption.reason());
        tree.put("expires", exemption.expires().toString());
        return tree;
    }

    private static Map<String, Object> of(Decision decision) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("at", text(decision.at()));
        tree.put("action", decision.action().name());
        tree.put("who", decision.who());
        tree.put("evidence", decision.evidence());
        return tree;
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
