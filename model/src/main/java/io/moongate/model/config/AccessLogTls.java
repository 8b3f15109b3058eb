package io.moongate.model.config;

import java.util.stream.Stream;

/** The PEM files with which the two sides of the access log service know each other: all of them, or none. */
public record AccessLogTls(
        @Parameter(
                value = "\"\"",
                doc =
                        "File with the certificate chain of this process, in PEM. With all three files, both sides need a certificate.")
        String certificate,

        @Parameter(value = "\"\"", doc = "File with its private key, in PEM and PKCS#8.")
        String key,

        @Parameter(
                value = "\"\"",
                doc = "File with the certificate authorities that have signed the other side's certificate, in PEM.")
        String ca) {
    public AccessLogTls {
        if (Stream.of(certificate, key, ca).map(String::isEmpty).distinct().count() > 1) {
            throw new IllegalArgumentException("evidence.accessLogService.tls has only some of certificate, key and ca;"
                    + " give all three, or none for no TLS");
        }
    }

    public static AccessLogTls none() {
        return new AccessLogTls("", "", "");
    }

    public boolean enabled() {
        return !certificate.isEmpty();
    }
}
