package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.config.AccessLogTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of the test, made by the JDK's keytool. */
record Authority(Path folder, String name) {
    private static final String PASSWORD = "changeit";

    static Authority create(Path folder, String name) throws Exception {
        var authority = new Authority(folder, name);
        authority.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
        return authority;
    }

    /** Writes files for one side, for localhost, over those that are there. */
    AccessLogTls issue(String side, Authority trusted) throws Exception {
        delete(side);
        keytool("-genkeypair", "-alias", side, "-dname", "CN=" + side, "-signer", "ca", "-ext", "san=dns:localhost");
        KeyStore store = store();
        var chain = new StringBuilder();
        for (Certificate certificate : store.getCertificateChain(side)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Path certificate = Files.writeString(folder.resolve(side + ".crt"), chain);
        byte[] secret = store.getKey(side, PASSWORD.toCharArray()).getEncoded();
        Path key = Files.writeString(folder.resolve(side + ".key"), pem("PRIVATE KEY", secret));
        Path ca = Files.writeString(
                folder.resolve(side + "-ca.crt"),
                pem("CERTIFICATE", trusted.store().getCertificate("ca").getEncoded()));
        return new AccessLogTls(certificate.toString(), key.toString(), ca.toString());
    }

    private void delete(String alias) throws Exception {
        if (store().containsAlias(alias)) {
            run(List.of("-delete", "-alias", alias));
        }
    }

    private void keytool(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        run(all);
    }

    private void run(List<String> arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-keystore", file().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private Path file() {
        return folder.resolve(name + ".p12");
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file().toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
