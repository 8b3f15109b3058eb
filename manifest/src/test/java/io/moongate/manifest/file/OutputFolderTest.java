package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.model.plan.GeneratedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is odd in the folder costs at most itself. */
@Timeout(30)
class OutputFolderTest {
    private static final String TEXT = "# Written by Moongate\n";

    @TempDir
    Path folder;

    @Test
    void aPipeADeviceAndALargeFileInPlaceOfOursAreReplaced() throws Exception {
        Path shoot = Files.createDirectory(folder.resolve("s"));
        pipe(shoot.resolve("pipe.ovpn"));
        Files.createSymbolicLink(shoot.resolve("zero.ovpn"), Path.of("/dev/zero"));
        Files.write(shoot.resolve("large.ovpn"), new byte[17 << 20]);
        Files.write(shoot.resolve("latin.ovpn"), new byte[] {(byte) 0xff});
        var names = List.of("s/pipe.ovpn", "s/zero.ovpn", "s/large.ovpn", "s/latin.ovpn");
        List<GeneratedFile> files = names.stream().map(OutputFolderTest::file).toList();
        assertThat(new OutputFolder(folder).write(files)).hasSize(4);
        for (String name : names) {
            assertThat(folder.resolve(name)).isRegularFile().hasContent(TEXT);
        }
        assertThat(new OutputFolder(folder).write(files)).isEmpty();
    }

    @Test
    void whatIsNotOursStays() throws Exception {
        pipe(folder.resolve("pipe.yaml"));
        Files.write(folder.resolve("latin.yaml"), new byte[] {(byte) 0xff, '\n'});
        Files.writeString(folder.resolve("stale.ovpn"), TEXT);
        Files.writeString(folder.resolve("stale.sh"), TEXT);
        Files.writeString(folder.resolve("theirs.sh"), "#!/bin/sh\n");
        assertThat(new OutputFolder(folder).write(List.of(file("s/a.ovpn"))))
                .extracting(OutputFolder.Difference::path)
                .containsExactly("s/a.ovpn", "stale.ovpn", "stale.sh");
        assertThat(folder.resolve("theirs.sh")).exists();
        assertThat(folder.resolve("pipe.yaml")).exists();
        assertThat(folder.resolve("latin.yaml")).exists();
    }

    @Test
    void aFileThatCannotBeWrittenCostsItself() throws IOException {
        Files.createDirectories(folder.resolve("s/a.ovpn/in the way"));
        assertThatThrownBy(() -> new OutputFolder(folder).write(List.of(file("s/a.ovpn"), file("s/b.ovpn"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 of 2 files, first s/a.ovpn");
        assertThat(folder.resolve("s/b.ovpn")).hasContent(TEXT);
    }

    private static GeneratedFile file(String path) {
        return new GeneratedFile(path, new GeneratedFile.Content.Text(TEXT));
    }

    private static void pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }
}
