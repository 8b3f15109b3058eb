package io.moongate.cli;

import io.moongate.manifest.file.RegularFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may decide in the dashboard: whoever knows what is in a file. */
public final class TokenFile {
    private static final int SHORTEST = 20;
    private static final int LONGEST = 300;
    /** Of the file, in bytes: a token and blanks. */
    private static final int LARGEST = 4096;

    @Option(
            names = "--dashboard-token",
            paramLabel = "FILE",
            description =
                    "Whoever knows the token in this file (20 to 300 characters) can remove and restore the legacy port in the dashboard, under the rules of 'moongate legacy-port'. Default: the dashboard only shows.")
    private @Nullable Path file;

    /** The file; throws a sentence for people if it has no token now. */
    public Optional<Path> checked() {
        Optional<Path> given = Optional.ofNullable(file);
        given.ifPresent(path -> {
            try {
                read(path);
            } catch (IOException e) {
                throw new UserError(
                        e.getMessage() + ", in --dashboard-token, write one into it: 'openssl rand -hex 20'");
            }
        });
        return given;
    }

    /** What is in it now, without the line's end. */
    public static String read(Path file) throws IOException {
        String token;
        try {
            token = RegularFiles.text(file, LARGEST).strip();
        } catch (FileSystemException | CharacterCodingException e) {
            throw new IOException(
                    "the token in " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (IOException e) {
            throw new IOException("the token cannot be read (" + e.getMessage() + ")", e);
        }
        if (token.length() < SHORTEST || token.length() > LONGEST) {
            throw new IOException("the token in " + file + " has " + token.length() + " characters, not " + SHORTEST
                    + " to " + LONGEST);
        }
        return token;
    }
}
