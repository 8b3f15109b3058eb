package io.moongate.conformance.fuzz;

import io.moongate.adoption.accesslog.AccessLogFuzzer;
import io.moongate.adoption.accesslog.AccessLogSeeds;
import io.moongate.adoption.imports.LogLinesFuzzer;
import io.moongate.adoption.imports.LogLinesSeeds;
import io.moongate.operator.feed.FeedFuzzer;
import io.moongate.operator.feed.FeedSeeds;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What is fuzzed: one entry for each kind of input that reaches Moongate from outside. */
enum Target {
    MANIFESTS(
            ManifestFuzzer.class,
            ManifestFuzzer::fuzzerTestOneInput,
            ManifestSeeds::all,
            List.of("io.moongate.manifest.**", "io.moongate.model.**", "org.snakeyaml.engine.**"),
            new Floor(2048, 50, 1900)),
    OBJECTS(
            ObjectFuzzer.class,
            ObjectFuzzer::fuzzerTestOneInput,
            Map::of,
            List.of("io.moongate.manifest.**", "io.moongate.model.**"),
            new Floor(1024, 500, 300)),
    HEAD(
            HeadFuzzer.class,
            HeadFuzzer::fuzzerTestOneInput,
            HeadSeeds::all,
            List.of("io.moongate.dataplane.wire.**", "io.moongate.model.net.**"),
            new Floor(2048, 10_000, 120)),
    RECEPTION(
            ReceptionFuzzer.class,
            ReceptionFuzzer::fuzzerTestOneInput,
            ReceptionSeeds::all,
            List.of("io.moongate.dataplane.**", "io.moongate.model.net.**"),
            new Floor(4096, 300, 600)),
    HTTP2(
            Http2Fuzzer.class,
            Http2Fuzzer::fuzzerTestOneInput,
            Http2Seeds::all,
            List.of("io.moongate.dataplane.**", "io.netty.handler.codec.http2.**"),
            new Floor(512, 100, 2200)),
    ACCESS_LOG(
            AccessLogFuzzer.class,
            AccessLogFuzzer::fuzzerTestOneInput,
            AccessLogSeeds::all,
            List.of("io.moongate.adoption.accesslog.**", "io.moongate.model.**", "com.google.protobuf.**"),
            new Floor(4096, 5000, 300)),
    LOG_LINES(
            LogLinesFuzzer.class,
            LogLinesFuzzer::fuzzerTestOneInput,
            LogLinesSeeds::all,
            List.of("io.moongate.adoption.imports.**", "io.moongate.model.**"),
            new Floor(2048, 1000, 500)),
    FEED(
            FeedFuzzer.class,
            FeedFuzzer::fuzzerTestOneInput,
            FeedSeeds::all,
            List.of("io.moongate.operator.feed.**", "io.moongate.manifest.**", "io.moongate.model.**"),
            new Floor(4096, 200, 600)),
    LAST_GOOD(
            LastGoodFuzzer.class,
            LastGoodFuzzer::fuzzerTestOneInput,
            Map::of,
            List.of("io.moongate.manifest.**", "io.moongate.model.**"),
            new Floor(4096, 1000, 450));

    private final Class<?> fuzzer;
    private final Run run;
    private final Supplier<Map<String, byte[]>> seeds;
    private final List<String> packages;
    private final Floor floor;

    /** One input. */
    interface Run {
        void take(byte[] input) throws Exception;
    }

    /**
     * What shows that a run of 20 seconds or more was one.
     *
     * @param longest input in bytes
     * @param runs far below what a slow machine does
     * @param edges 60 % of those that the seeds alone cover: a package that was renamed must show
     */
    record Floor(int longest, int runs, int edges) {}

    Target(Class<?> fuzzer, Run run, Supplier<Map<String, byte[]>> seeds, List<String> packages, Floor floor) {
        this.fuzzer = fuzzer;
        this.run = run;
        this.seeds = seeds;
        this.packages = packages;
        this.floor = floor;
    }

    /** In file names and in {@code -Dfuzz.target}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Class<?> fuzzer() {
        return fuzzer;
    }

    void take(byte[] input) throws Exception {
        run.take(input);
    }

    /** Seeds that are made by code: binary ones, and those that would be large files. */
    Map<String, byte[]> seeds() {
        return seeds.get();
    }

    String packages() {
        return String.join(":", packages);
    }

    Floor floor() {
        return floor;
    }

    @Override
    public String toString() {
        return label();
    }
}
