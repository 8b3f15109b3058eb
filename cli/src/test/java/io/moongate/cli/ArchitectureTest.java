package io.moongate.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of dependencies, and the purity of the core: crossing either fails the build, with the reason. */
@AnalyzeClasses(packages = "io.moongate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_CORE_IS_PURE = noClasses()
            .that()
            .resideInAnyPackage("io.moongate.model..", "io.moongate.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..",
                    "javax..",
                    "io.netty..",
                    "org..",
                    "tools..",
                    "io.prometheus..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.Socket")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.net.InetAddress.class, "getByName", String.class)
            .because(
                    "the same snapshot must always give the same plan: sockets, files, threads, clocks and the environment end in the providers, and come in as data");

    @ArchTest
    static final ArchRule MODEL_KNOWS_NOTHING = noClasses()
            .that()
            .resideInAPackage("io.moongate.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.moongate.plan..",
                    "io.moongate.manifest..",
                    "io.moongate.dataplane..",
                    "io.moongate.operator..",
                    "io.moongate.cli..")
            .because("everything speaks the model's language, so it must not speak anybody else's");

    @ArchTest
    static final ArchRule PLAN_KNOWS_THE_MODEL_ALONE = noClasses()
            .that()
            .resideInAPackage("io.moongate.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.moongate.manifest..", "io.moongate.dataplane..", "io.moongate.cli..")
            .because("a plan must not depend on where its input comes from or on who carries it out");

    @ArchTest
    static final ArchRule MANIFEST_AND_DATAPLANE_DO_NOT_KNOW_EACH_OTHER = noClasses()
            .that()
            .resideInAnyPackage("io.moongate.manifest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.moongate.plan..", "io.moongate.dataplane..", "io.moongate.cli..")
            .because(
                    "manifests are read for files and for Kubernetes alike, and know neither the plan nor the gateway");

    @ArchTest
    static final ArchRule THE_DATAPLANE_TAKES_PLANS = noClasses()
            .that()
            .resideInAPackage("io.moongate.dataplane..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.moongate.plan..", "io.moongate.manifest..", "io.moongate.cli..", "org.snakeyaml..")
            .because("the data plane carries out a plan, whoever made it");

    @ArchTest
    static final ArchRule EPOLL_ONLY_THROUGH_OUR_FACTORY = noClasses()
            .that()
            .resideOutsideOfPackage("io.moongate.dataplane.transport..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.netty.channel.epoll.EpollIoHandler")
            .because(
                    "Netty's own loses the answer of a half-closed tunnel (docs/adr/0002): use transport.Epoll.factory()");

    @ArchTest
    static final ArchRule KUBERNETES_ONLY_IN_THE_OPERATOR = noClasses()
            .that()
            .resideOutsideOfPackage("io.moongate.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..")
            .because("what should be is decided without a cluster, and carried out by one module");

    @ArchTest
    static final ArchRule THE_OPERATOR_DOES_NOT_KNOW_THE_DATAPLANE = noClasses()
            .that()
            .resideInAPackage("io.moongate.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.moongate.dataplane..", "io.moongate.cli..", "io.netty..")
            .because("the two run in different pods and share plans alone");

    @ArchTest
    static final ArchRule ADOPTION_KNOWS_THE_MODEL_ALONE = noClasses()
            .that()
            .resideInAPackage("io.moongate.adoption..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.moongate.plan..",
                    "io.moongate.manifest..",
                    "io.moongate.dataplane..",
                    "io.moongate.operator..",
                    "io.moongate.cli..")
            .because("evidence is the same, whoever saw the tunnels: our gateway or Envoy");

    @ArchTest
    static final ArchRule THE_REPORT_IS_PURE = noClasses()
            .that()
            .resideInAPackage("io.moongate.adoption.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "java.sql..", "java.util.concurrent..", "java.net..")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .because("the same evidence must always give the same findings");
}
