package io.moongate.cli.adoption;

import io.moongate.adoption.imports.Formats;
import io.moongate.adoption.imports.Port;
import io.moongate.adoption.imports.Ports;
import io.moongate.cli.UserError;
import io.moongate.manifest.read.Durations;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage.Span;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What logs do not say of themselves. */
public final class ImportOptions {
    @Option(
            names = "--format",
            paramLabel = "STRING",
            description = {
                "The format of the logs, as it stands in Envoy's configuration: a format string or a JSON object.",
                "Default: the text and JSON formats of Envoy and Istio, and Moongate's own."
            })
    private @Nullable String format;

    @Option(
            names = "--port",
            paramLabel = "NUMBER=unified|legacy|other",
            description = {
                "What a local port in the logs is, if not 8443 (unified) and 8132 (legacy). Repeat it for several.",
                "A gateway's pod can have other ports than its Service."
            })
    private Map<String, String> ports = new LinkedHashMap<>();

    @Option(
            names = "--listener",
            paramLabel = "unified|legacy",
            description = "Which port the logs are of, where their lines do not say it.")
    private @Nullable String listener;

    @Option(
            names = "--covers",
            paramLabel = "FROM..TO",
            description = {
                "You say that the logs have each line of this time, of all gateways of their seeds.",
                "Times as 2026-08-01T12:00:00Z, or days in UTC.",
                "Without it a shoot that is not in the logs is not observed."
            })
    private @Nullable String covers;

    @Option(
            names = "--longest-tunnel",
            paramLabel = "DURATION",
            description = {
                "With --covers: you say that each tunnel that is up has a line within this time.",
                "Envoy writes the line when the tunnel ends, or each access_log_flush_interval if that is set."
            })
    private @Nullable String longest;

    @Option(names = "--ignore-unreadable", description = "You say that lines that cannot be read are no tunnels.")
    private boolean ignoreUnreadable;

    boolean ignoresUnreadable() {
        return ignoreUnreadable;
    }

    Formats formats() {
        if (format == null) {
            return Formats.usual(ports());
        }
        try {
            return Formats.of(format, ports());
        } catch (IllegalArgumentException e) {
            throw new UserError("the format cannot be used (" + e.getMessage()
                    + "), in --format, give it as it stands in Envoy's configuration (how to print is -o)");
        }
    }

    private Ports ports() {
        var more = new HashMap<Integer, Port>();
        ports.forEach((number, what) -> {
            if (!number.matches("[1-9]\\d{0,4}") || Integer.parseInt(number) > 65_535) {
                throw new UserError(
                        "'" + number + "' is not a port, in --port, give a number as in --port 18132=legacy");
            }
            more.put(
                    Integer.parseInt(number),
                    what.equals("other") ? new Port.Other() : new Port.Of(entrance(what, "--port")));
        });
        return new Ports(more, Optional.ofNullable(listener).map(name -> entrance(name, "--listener")));
    }

    private static Entrance entrance(String name, String option) {
        for (Entrance entrance : Entrance.values()) {
            if (entrance.label().equals(name)) {
                return entrance;
            }
        }
        throw new UserError("'" + name + "' is not a port's name, in " + option + ", write unified or legacy");
    }

    Optional<Span> covers() {
        if (covers == null) {
            if (longest != null) {
                throw new UserError(
                        "--longest-tunnel says nothing without --covers, on the command line, add --covers FROM..TO");
            }
            return Optional.empty();
        }
        String[] ends = covers.split("\\.\\.", -1);
        if (ends.length != 2) {
            throw new UserError(
                    "'" + covers + "' is not a time, in --covers, write it as 2026-08-01..2026-08-08T12:00:00Z");
        }
        var span = new Span(time(ends[0]), time(ends[1]));
        if (!span.to().isAfter(span.from())) {
            throw new UserError("the end is not after the begin, in --covers, write the earlier time first");
        }
        return Optional.of(span);
    }

    Optional<Duration> longest() {
        return Optional.ofNullable(longest).map(text -> duration(text, "--longest-tunnel"));
    }

    private static Instant time(String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new UserError(
                    "'" + text + "' is not a time, in --covers, write it as 2026-08-01 or 2026-08-01T12:00:00Z");
        }
    }

    static Duration duration(String text, String option) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UserError(e.getMessage() + ", in " + option + ", correct it");
        }
    }
}
