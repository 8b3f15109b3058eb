package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority, a server and a client, made by openssl: one folder for each end, with the usual names. */
public final class Certificates {
    private Certificates() {}

    public static void make(Path folder) throws IOException {
        openssl(
                folder,
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=ca",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt");
        for (String end : new String[] {"server", "client"}) {
            Path own = Files.createDirectories(folder.resolve(end));
            Files.writeString(
                    own.resolve("ext"),
                    "extendedKeyUsage=" + end
                            + "Auth\nkeyUsage=digitalSignature,keyEncipherment\nsubjectAltName=DNS:kubernetes.default\n");
            openssl(
                    own,
                    "req",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-subj",
                    "/CN=" + end,
                    "-keyout",
                    "tls.key",
                    "-out",
                    "csr");
            openssl(
                    own,
                    "x509",
                    "-req",
                    "-in",
                    "csr",
                    "-CA",
                    "../ca.crt",
                    "-CAkey",
                    "../ca.key",
                    "-CAcreateserial",
                    "-days",
                    "2",
                    "-extfile",
                    "ext",
                    "-out",
                    "tls.crt");
            Files.copy(folder.resolve("ca.crt"), own.resolve("ca.crt"));
        }
    }

    private static void openssl(Path folder, String... arguments) throws IOException {
        var command = new java.util.ArrayList<String>();
        command.add("openssl");
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
