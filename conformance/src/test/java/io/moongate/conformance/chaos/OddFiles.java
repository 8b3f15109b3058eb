package io.moongate.conformance.chaos;

import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Files that no person would write, in the folder that the process reads; a few at a time, each of them for a while. */
final class OddFiles implements Nuisance {
    private static final int AT_ONCE = 12;

    private final Path folder;
    private final Path elsewhere;
    private final List<Path> made = new ArrayList<>();
    private int count;

    /** @param elsewhere outside of the landscape, for what links lead to */
    OddFiles(Path folder, Path elsewhere) {
        this.folder = folder;
        this.elsewhere = elsewhere;
    }

    @Override
    public void once(Random random) throws IOException, InterruptedException {
        while (made.size() >= AT_ONCE) {
            remove(made.remove(random.nextInt(made.size())));
        }
        Path file = folder.resolve("odd-" + count++ + (random.nextBoolean() ? ".yaml" : ".json"));
        try {
            make(file, random);
            made.add(file);
        } catch (FileAlreadyExistsException again) {
            remove(file);
        }
    }

    private void make(Path file, Random random) throws IOException, InterruptedException {
        switch (random.nextInt(18)) {
            case 0 -> write(file, "[".repeat(1 + random.nextInt(50_000)));
            case 1 -> write(file, "{\"a\":".repeat(1 + random.nextInt(5_000)) + "1");
            case 2 -> write(file, blockMapping(1 + random.nextInt(3_000)));
            case 3 -> Lab.ended("mkfifo", file.toString());
            case 4 -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
            case 5 -> Files.createSymbolicLink(file, Path.of("/dev/random"));
            case 6 -> Files.createSymbolicLink(file, folder);
            case 7 -> Files.createSymbolicLink(file, Path.of("/nowhere/at/all"));
            case 8 -> Files.createDirectory(file);
            case 9 -> Files.write(file, bytes(random, 1 + random.nextInt(100_000)));
            case 10 -> write(file, "a: " + "x".repeat(20 << 20));
            case 11 -> write(file, "---\n".repeat(1 + random.nextInt(20_000)));
            case 12 -> write(file, "a: &a [x, *a]\nb: *b\n? {c: d}\n: e\n!!binary f: !!int g\n");
            case 13 -> write(file, oddSlice(random));
            case 14 -> write(file, Manifests.shoot("odd", "gw.example.org", true) + "---\na: 1\na: 2\n---\n\u0007\n");
            case 15 -> write(file, cut(Manifests.shoot("odd", "gw.example.org", random.nextBoolean()), random));
            case 16 -> write(file, mutated(Manifests.shoot("odd", "gw.example.org", false), random));
            default -> Files.createSymbolicLink(file, Files.createDirectories(elsewhere.resolve("d" + count)));
        }
    }

    private static String blockMapping(int depth) {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }

    private static String oddSlice(Random random) {
        String[] types = {"FQDN", "IPv4", "IPv6", "Unix", "null"};
        String[] addresses = {"localhost", "127.0.0.1", "::1", "256.1.1.1", "", "1.2.3", "0x7f000001"};
        String[] protocols = {"UDP", "TCP", "SCTP", "null"};
        return Manifests.shoot("odd", "gw.example.org", false)
                + Manifests.endpoints("odd", "kube-apiserver", random.nextInt(70_000))
                        .replace("IPv4", types[random.nextInt(types.length)])
                        .replace("127.0.0.1", addresses[random.nextInt(addresses.length)])
                        .replace("port:", "protocol: " + protocols[random.nextInt(protocols.length)] + ", port:");
    }

    private static String cut(String text, Random random) {
        return text.substring(0, random.nextInt(text.length()));
    }

    private static String mutated(String text, Random random) {
        var chars = new StringBuilder(text);
        for (int i = 0; i < 5; i++) {
            chars.setCharAt(random.nextInt(chars.length()), (char) random.nextInt(0x250));
        }
        return chars.toString();
    }

    static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static void remove(Path path) throws IOException {
        if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
            try (DirectoryStream<Path> below = Files.newDirectoryStream(path)) {
                for (Path each : below) {
                    remove(each);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** All of them, at the end. */
    void removeAll() throws IOException {
        for (Path path : made) {
            remove(path);
        }
    }
}
