package io.moongate.adoption.imports;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.config.Ownership;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Coverage.Span;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report of what logs say. A use that is in them is a use. That there is none proves something only for time that
 * they cover, for shoots whose gateways they are of: all else is not observed.
 */
public final class ImportReport {
    private final Tally tally;
    private final Settings settings;
    private final Instant at;
    private final Set<ShootKey> seen;
    private final Set<Optional<String>> seeds;

    /**
     * What is needed beside shoots and logs.
     *
     * @param observed the time of which the logs know each tunnel; empty: of none
     * @param clients who deploys the shoots' clients
     * @param gardenlets the seeds of which a gardenlet removes the legacy port
     */
    public record Settings(
            Optional<Span> observed, Duration window, Ownership.Mode clients, Gardenlets gardenlets, Instant now) {}

    private ImportReport(Collection<Shoot> shoots, Tally tally, Settings settings) {
        this.tally = tally;
        this.settings = settings;
        this.at = settings.observed()
                .map(Span::to)
                .or(() -> tally.counts().last())
                .filter(time -> time.isBefore(settings.now()))
                .orElse(settings.now());
        this.seen = tally.uses().stream().map(Use::shoot).collect(Collectors.toSet());
        this.seeds = shoots.stream()
                .filter(shoot -> seen.contains(shoot.key()))
                .map(shoot -> shoot.placement().responsible())
                .collect(Collectors.toSet());
    }

    /**
     * The time of which logs know each tunnel. A line is written when its tunnel ends: of the last hours of a log, one
     * that lived so long may have none yet.
     *
     * @param covers the time in which each line was kept
     * @param longest within this time each tunnel that is up has a line
     */
    public static Optional<Span> observed(Span covers, Duration longest, Instant now) {
        Instant written = covers.to().isAfter(now) ? now : covers.to();
        Instant until = written.minus(longest);
        return until.isAfter(covers.from()) ? Optional.of(new Span(covers.from(), until)) : Optional.empty();
    }

    /** At the end of what was observed; if that is nothing, at the last line. */
    public static AdoptionReport of(Collection<Shoot> shoots, Tally tally, Settings settings) {
        return new ImportReport(shoots, tally, settings).report(shoots);
    }

    private AdoptionReport report(Collection<Shoot> shoots) {
        var unproven = new HashMap<ShootKey, String>();
        shoots.forEach(shoot -> whyNot(shoot).ifPresent(why -> unproven.put(shoot.key(), why)));
        Coverage coverage = new Coverage(settings.observed().stream().toList());
        AdoptionReport proven =
                of(shoots.stream().filter(s -> !unproven.containsKey(s.key())).toList(), coverage);
        AdoptionReport others =
                of(shoots.stream().filter(s -> unproven.containsKey(s.key())).toList(), new Coverage(List.of()));
        var rows = new ArrayList<AdoptionRow>();
        Stream.concat(proven.rows().stream(), others.rows().stream())
                .forEach(row -> rows.add(explained(row, Optional.ofNullable(unproven.get(row.shoot())))));
        rows.sort(Comparator.comparing(AdoptionRow::finding).thenComparing(AdoptionRow::shoot));
        return new AdoptionReport(
                proven.at(), proven.from(), proven.unseen(), settings.gardenlets(), List.copyOf(rows));
    }

    private AdoptionReport of(Collection<Shoot> shoots, Coverage coverage) {
        Set<ShootKey> keys = shoots.stream().map(Shoot::key).collect(Collectors.toSet());
        List<Use> uses =
                tally.uses().stream().filter(use -> keys.contains(use.shoot())).toList();
        return AdoptionReport.of(
                shoots, settings.gardenlets(), new Evidence(uses, coverage), settings.window(), settings.clients(), at);
    }

    /** Why the logs prove nothing of this shoot; empty where they do. */
    private Optional<String> whyNot(Shoot shoot) {
        String port = tally.unclear().get(shoot.key());
        if (port != null) {
            return Optional.of(
                    port.isEmpty()
                            ? "the logs do not say through which port its tunnels came: log the local address, or give "
                                    + "--listener"
                            : "its tunnels came through port " + port + ": say which one that is, as in --port " + port
                                    + "=legacy");
        }
        if (settings.observed().isEmpty()) {
            return Optional.of("it was not seen on the legacy port, but it is not known that the logs are complete");
        }
        if (!seeds.contains(shoot.placement().responsible())) {
            return Optional.of("no tunnel of its seed is in the logs: add those of its seed's gateways");
        }
        boolean asleep = shoot.traits().lifecycle() == Lifecycle.HIBERNATED;
        return seen.contains(shoot.key()) || asleep
                ? Optional.empty()
                : Optional.of("no tunnel of it is in the logs, through either port: add those of its gateways");
    }

    /** In the words of logs that are read, not of a process that goes on to observe. */
    private static AdoptionRow explained(AdoptionRow row, Optional<String> whyNot) {
        return switch (row.finding()) {
            case NotObserved ->
                notObserved(
                        row,
                        whyNot.orElse(
                                "the logs do not cover the whole window: add older ones, or give a shorter --window"));
            case Arriving -> whyNot.map(why -> notObserved(row, why)).orElse(row);
            // Of a process that observes that is a shoot in trouble. Here it is most likely a log that is not whole.
            case Silent ->
                notObserved(
                        row,
                        "its last tunnel in the logs ended at "
                                + row.unified()
                                        .lastSeen()
                                        .map(Instant::toString)
                                        .orElse("?")
                                + ", before the end of what they cover: add later logs, or check that the shoot runs");
            default -> row;
        };
    }

    private static AdoptionRow notObserved(AdoptionRow row, String why) {
        return row.judged(Finding.NotObserved, why);
    }
}
