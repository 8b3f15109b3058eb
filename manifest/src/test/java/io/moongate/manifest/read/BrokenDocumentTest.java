package io.moongate.manifest.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.BrokenDocument.Known;
import io.moongate.manifest.read.BrokenDocument.NotRead;
import io.moongate.manifest.read.BrokenDocument.Unknown;
import io.moongate.model.problem.ObjectRef;
import org.junit.jupiter.api.Test;

/** A wrong guess could remove an object: each doubt leads to Unknown. */
class BrokenDocumentTest {
    @Test
    void oneOfOursByItsName() {
        var shoot = new Known(new ObjectRef("Shoot", "garden-x", "a"));
        assertThat(BrokenDocument.identify("kind: Shoot\nmetadata: {name: a, namespace: garden-x}\nspec: ["))
                .isEqualTo(shoot);
        assertThat(
                        BrokenDocument.identify(
                                "metadata:\n  labels:\n    name: other\n  namespace: garden-x\n  name: a # x\nkind: Shoot\nspec: {"))
                .isEqualTo(shoot);
        assertThat(BrokenDocument.identify("kind: \"Seed\"\nmetadata:\n  name: s\nspec: {"))
                .isEqualTo(new Known(new ObjectRef("Seed", "", "s")));
        assertThat(BrokenDocument.identify("kind: Service\nmetadata: {name: a}\n\t"))
                .isEqualTo(new Known(new ObjectRef("Service", "default", "a")));
    }

    @Test
    void aConfigurationHoweverBroken() {
        var configuration = new Known(new ObjectRef("MoongateConfiguration", "", ""));
        assertThat(BrokenDocument.identify("kind: MoongateConfiguration\nadmin: {"))
                .isEqualTo(configuration);
        assertThat(BrokenDocument.identify("{\"kind\": \"MoongateConfiguration\", ["))
                .isEqualTo(configuration);
    }

    @Test
    void aKindThatIsNotRead() {
        assertThat(BrokenDocument.identify("kind: ConfigMap\nmetadata: {name: a}\ndata: {a: 1, a: 2}"))
                .isEqualTo(new NotRead());
        assertThat(BrokenDocument.identify("{\"kind\": \"Secret\", \"data\": ["))
                .isEqualTo(new NotRead());
    }

    /** No pattern here repeats what it repeats: a stranger's text must not use up the stack or the time. */
    @Test
    void largeTextsAreNoTrouble() {
        String blank = " \n\t\n".repeat(500_000);
        assertThat(BrokenDocument.identify("kind: Shoot\nmetadata:\n" + blank + "  name: a\n  namespace: b\nspec: ["))
                .isEqualTo(new Known(new ObjectRef("Shoot", "b", "a")));
        String lines = "  x: y\n".repeat(500_000);
        assertThat(BrokenDocument.identify("kind: Shoot\nmetadata:\n" + lines + "  name: a\n  namespace: b\nspec: ["))
                .isEqualTo(new Known(new ObjectRef("Shoot", "b", "a")));
        assertThat(BrokenDocument.identify("kind" + " ".repeat(1_000_000) + "kind:".repeat(100_000)))
                .isEqualTo(new Unknown(false));
    }

    @Test
    void everyDoubt() {
        for (String text : new String[] {
            "",
            "spec: [",
            "kind: Shoot\nspec: [",
            "kind: ConfigMap\nkind: Shoot\n",
            "kind: ConfigMap\ndata:\n  x: |\n    kind: Shoot\n",
            "kind: ShootList\nitems: [",
            "kind: List\nitems:\n- kind: Shoot\n",
            "kind: Shoot\nmetadata: {name: a\nspec: [",
            "kind: Shoot\nmetadata: {name: a, name: b}\n",
            "kind: Shoot\nmetadata: {name: a, namespace: b, namespace: c}\n",
            "kind: Shoot\nmetadata:\n  name: a\nmetadata:\n  name: b\n"
        }) {
            assertThat(BrokenDocument.identify(text)).as(text).isEqualTo(new Unknown(false));
        }
    }

    /** The second of them must not go because the first one is known. */
    @Test
    void aBoundaryThatIsMissing() {
        String block = "kind: Shoot\nmetadata:\n  name: a\n";
        for (String second : new String[] {
            "{\"kind\": \"Shoot\", \"metadata\": {\"name\": \"b\"}}\n", "[{kind: Shoot}]\n", "- kind: Shoot\n"
        }) {
            assertThat(BrokenDocument.identify(block + second)).as(second).isEqualTo(new Unknown(false));
            assertThat(BrokenDocument.identify(second + block)).as(second).isEqualTo(new Unknown(false));
        }
    }

    @Test
    void whatMayBeTheConfiguration() {
        for (String text : new String[] {
            "apiVersion: config.moongate.io/v1alpha1\n gateway: [",
            "apiVersion: config.moo",
            "# MoongateConfig\ngateway: {access: [",
            "kind : [MoongateConfiguration"
        }) {
            assertThat(BrokenDocument.identify(text)).as(text).isEqualTo(new Unknown(true));
        }
        assertThat(BrokenDocument.identify("metadata: {annotations: {moongate.io/unified-http-proxy-port: enabled}"))
                .as("an annotation of a Shoot")
                .isEqualTo(new Unknown(false));
    }
}
