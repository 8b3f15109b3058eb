package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.MergedReport;
import io.moongate.adoption.report.ShootClass;
import io.moongate.adoption.report.Spoken;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What each address shows. All values are escaped by the templates' engine. */
final class Pages {
    static final int ROWS = 100;

    private final DashboardSource source;
    private final boolean decides;
    private final PebbleEngine engine;

    /** @param decides whether there is a token with which the legacy port can be removed and restored */
    Pages(DashboardSource source, boolean decides) {
        this.source = source;
        this.decides = decides;
        var loader = new ClasspathLoader(Pages.class.getClassLoader());
        loader.setPrefix("io/moongate/adoption/dashboard");
        loader.setSuffix(".html");
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .strictVariables(false)
                .defaultLocale(Locale.ROOT)
                .build();
    }

    /** Empty where there is no such page, or no such shoot. */
    Optional<String> page(String path, Filter filter) throws IOException {
        DashboardSource.Look look = source.look();
        return switch (path) {
            case "/" -> Optional.of(landscape(look, filter));
            case "/seeds" -> Optional.of(seeds(look));
            case "/removal" -> Optional.of(removal(look, Optional.empty()));
            default ->
                path.startsWith("/shoots/") ? shoot(look, path.substring("/shoots/".length())) : Optional.empty();
        };
    }

    /** Reads the templates, so that the first who looks does not wait for it. */
    void warm() throws IOException {
        var nothing = new DashboardSource.Look(MergedReport.of(List.of()), Map.of(), List.of());
        landscape(nothing, Filter.of(""));
        seeds(nothing);
        removal(nothing, Optional.empty());
        for (String template : List.of("shoot", "missing")) {
            engine.getTemplate(template);
        }
    }

    String notFound() throws IOException {
        return render("missing", common(source.look(), "Not found"));
    }

    private String landscape(DashboardSource.Look look, Filter filter) throws IOException {
        MergedReport all = look.report();
        List<MergedReport.Row> shown = all.only(filter::shows).rows();
        int pages = Math.max(1, (shown.size() + ROWS - 1) / ROWS);
        int page = Math.min(filter.page(), pages);
        var values = common(look, "Landscape");
        values.put("filter", filter.query());
        values.put("found", shown.size());
        values.put(
                "rows",
                shown.stream()
                        .skip((long) (page - 1) * ROWS)
                        .limit(ROWS)
                        .map(MergedReport.Row::tree)
                        .toList());
        values.put("page", page);
        values.put("pages", pages);
        values.put("before", filter.at(page - 1));
        values.put("after", filter.at(page + 1));
        values.put(
                "findings", Arrays.stream(Finding.values()).map(Finding::name).toList());
        values.put(
                "classes",
                Arrays.stream(ShootClass.values()).map(ShootClass::name).toList());
        values.put("seeds", names(all, MergedReport.Row::seed));
        values.put("projects", names(all, MergedReport.Row::project));
        values.put("purposes", names(all, MergedReport.Row::purpose));
        values.put("burnDown", Charts.burnDown(source.history()));
        return render("landscape", values);
    }

    private static Set<String> names(MergedReport all, Function<MergedReport.Row, String> name) {
        var names = new TreeSet<String>();
        all.rows().forEach(row -> names.add(name.apply(row)));
        names.remove("");
        return names;
    }

    private String seeds(DashboardSource.Look look) throws IOException {
        var values = common(look, "Seeds");
        values.put("bySeed", look.report().by(MergedReport.Row::seed));
        values.put("byProject", look.report().by(MergedReport.Row::project));
        values.put("byPurpose", look.report().by(MergedReport.Row::purpose));
        return render("seeds", values);
    }

    private Optional<String> shoot(DashboardSource.Look look, String name) throws IOException {
        Optional<MergedReport.Row> row = look.report().rows().stream()
                .filter(r -> r.shoot().equals(name))
                .findFirst();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        var values = common(look, name);
        values.put("row", row.get().tree());
        List<Charts.Bar> bars = Charts.timeline(source.days(name), Instant.now());
        values.put("bars", bars);
        values.put(
                "busiest",
                bars.stream()
                        .mapToLong(bar -> Math.max(bar.unified(), bar.legacy()))
                        .max()
                        .orElse(0));
        return Optional.of(render("shoot", values));
    }

    /** The removal's page, after somebody sent its form. */
    String removal(DecisionForm.Said said) throws IOException {
        return removal(source.look(), Optional.of(said));
    }

    private String removal(DashboardSource.Look look, Optional<DecisionForm.Said> said) throws IOException {
        var values = common(look, "Removal");
        said.ifPresent(s -> values.put("said", Map.of("done", s.done(), "text", s.text())));
        var ports = new LinkedHashMap<String, Map<?, ?>>();
        look.legacyPorts().forEach((name, port) -> ports.put(name, cut(port)));
        values.put("legacyPorts", ports);
        values.put("windowOver", decides && look.legacyPorts().values().stream().allMatch(Pages::windowOver));
        return render("removal", values);
    }

    /** A page is for people: ten thousand rows would be sent to each of them with every change. */
    private static Map<?, ?> cut(Map<?, ?> port) {
        var cut = new HashMap<Object, Object>(port);
        for (String key : List.of("blockers", "exempted", "notes")) {
            if (port.get(key) instanceof List<?> all && all.size() > ROWS) {
                cut.put(key, all.subList(0, ROWS));
                cut.put(key + "Total", all.size());
            }
        }
        return cut;
    }

    private static boolean windowOver(Map<?, ?> port) {
        return port.get("rollbackUntil") instanceof String until
                && Instant.now().isAfter(Instant.parse(until));
    }

    private Map<String, Object> common(DashboardSource.Look look, String title) {
        var values = new HashMap<String, Object>();
        values.put("title", title);
        values.put("report", look.report());
        values.put("counts", look.report().byFinding());
        values.put("blocking", look.report().blocking());
        values.put("total", look.report().rows().size());
        values.put("legacyPorts", look.legacyPorts());
        values.put("failures", look.failures());
        values.put("decides", decides);
        values.put("unseen", Spoken.of(look.report().unseenSeconds()));
        values.put("width", Charts.WIDTH);
        values.put("height", Charts.HEIGHT);
        return values;
    }

    private String render(String template, Map<String, Object> values) throws IOException {
        var out = new StringWriter();
        engine.getTemplate(template).evaluate(out, values);
        return out.toString();
    }
}
