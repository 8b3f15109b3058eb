package io.moongate.operator.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ClusterObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedFormatTest {
    private static final int CONFIG_MAP_LIMIT = 1 << 20;

    @Test
    void tenThousandShootsComeBackAndFitIntoConfigMapsManyTimesOver() throws IOException {
        List<Shoot> shoots =
                IntStream.range(0, 10_000).mapToObj(FeedFormatTest::shoot).toList();
        var back = new ArrayList<Shoot>();
        for (ClusterObject object : objects(shoots)) {
            Map<String, String> binary = strings(object, "binaryData");
            assertThat(binary.values()).allMatch(text -> text.length() < CONFIG_MAP_LIMIT / 5);
            for (Manifest manifest : FeedFormat.read(object.name(), strings(object, "data"), binary)
                    .good()) {
                if (manifest instanceof Manifest.OfShoot(Shoot shoot)) {
                    back.add(shoot);
                }
            }
        }
        assertThat(back).containsExactlyInAnyOrderElementsOf(shoots);
    }

    @Test
    void oneShootMoreChangesOneObject() {
        List<Shoot> shoots =
                IntStream.range(0, 100).mapToObj(FeedFormatTest::shoot).toList();
        var more = new ArrayList<>(shoots);
        more.add(shoot(100));
        assertThat(objects(more)).hasSameSizeAs(objects(shoots));
        var changed = new ArrayList<>(objects(more));
        changed.removeAll(objects(shoots));
        assertThat(changed).hasSize(1);
    }

    @Test
    void whatIsBrokenIsNotTakenForEmpty() {
        var cut = Base64.getEncoder().encodeToString(new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertThatThrownBy(() -> FeedFormat.read("x", Map.of(), Map.of(FeedFormat.SHOOTS_KEY, cut)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FeedFormat.read("x", Map.of(), Map.of())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FeedFormat.read("x", Map.of(), Map.of(FeedFormat.SHOOTS_KEY, "%")))
                .isInstanceOf(IOException.class);
    }

    /** A gateway without last good must not serve without its access lists. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "\u0000",
                "{\"apiVersion\": \"config.moongate.io/v1alpha1\", \"kind\": \"MoongateConfig\"}",
                "{\"apiVersion\": \"config.moongate.io/v2\", \"kind\": \"MoongateConfiguration\"}",
                "{\"apiVersion\": \"config.moongate.io/v1alpha1\", \"kind\": \"MoongateConfiguration\", \"admin\": 7}"
            })
    void aConfigurationThatCannotBeReadIsHidden(String text) {
        assertThat(isHidden(text)).isTrue();
    }

    /** As the source of the feed takes it: what throws may be the configuration, too. */
    private static boolean isHidden(String text) {
        try {
            var contents = FeedFormat.read("x", Map.of(FeedFormat.CONFIGURATION_KEY, text), Map.of());
            return contents.hidesConfiguration() && !contents.problems().isEmpty();
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("holds no MoongateConfiguration");
        }
    }

    @Test
    void whatUnpacksToTooMuchIsRefusedBeforeItIsInMemory() throws IOException {
        assertThat(reading("x".repeat(FeedFormat.LONGEST_LINE + 1), 1))
                .hasMessageContaining("longer than 262144 bytes");
        assertThat(reading("x".repeat(FeedFormat.LONGEST_LINE - 1) + "\n", 150))
                .hasMessageContaining("more than 32 MiB");
        assertThat(reading("\n", FeedFormat.MOST_LINES + 1)).hasMessageContaining("more than 100000 lines");
        assertThat(reading("\n", FeedFormat.MOST_LINES)).as("at the limit").isNull();
    }

    @Test
    void moreShootsThanThereIsMemoryForAreRefused() throws IOException {
        var shoots =
                objects(IntStream.range(0, 100).mapToObj(FeedFormatTest::shoot).toList());
        Map<String, String> shard = strings(shoots.get(1), "binaryData");
        int held = FeedFormat.read("x", Map.of(), shard).good().size();
        assertThat(FeedFormat.read("x", Map.of(), shard, held).good()).hasSize(held);
        assertThatThrownBy(() -> FeedFormat.read("x", Map.of(), shard, held - 1))
                .hasMessageContaining("more than the " + (held - 1) + " objects");
    }

    private static Throwable reading(String piece, int times) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                zip.write(piece.getBytes(StandardCharsets.US_ASCII));
            }
        }
        String packed = Base64.getEncoder().encodeToString(bytes.toByteArray());
        return catchThrowable(() -> FeedFormat.read("x", Map.of(), Map.of(FeedFormat.SHOOTS_KEY, packed)));
    }

    private static List<ClusterObject> objects(List<Shoot> shoots) {
        return FeedFormat.objects("ns", "seed-1", ConfigurationReader.defaults(), shoots);
    }

    @SuppressWarnings("unchecked") // the tree is written by the class under test
    private static Map<String, String> strings(ClusterObject object, String field) {
        return (Map<String, String>) object.tree().getOrDefault(field, Map.of());
    }

    private static Shoot shoot(int number) {
        String name = "shoot-with-a-name-" + number;
        return new Shoot(
                new ShootKey("garden-project-" + number % 97, name),
                Optional.of("shoot--p" + number % 97 + "--n" + number),
                new Shoot.Placement(Optional.of("seed-1"), Optional.of("seed-1")),
                new Shoot.Traits(
                        number % 5 == 0, number % 3 == 0, number % 11 == 0, Lifecycle.ACTIVE, Standing.SETTLED),
                number % 2 == 0 ? Optional.of("production") : Optional.empty(),
                List.of("IPv4"),
                Map.of("internal", "https://api." + name + ".internal.example.org", "external", "https://" + name),
                number % 13 == 0 ? Optional.of(true) : Optional.empty(),
                Optional.empty(),
                Adoption.ABSENT,
                Declarations.NONE);
    }
}
