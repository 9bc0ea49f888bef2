package io.stepstream.asl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What this library may see: it decides, and whatever its decisions depend on is handed to it. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.stepstream.asl");

    @Test
    void seesNoTransportAndNoLogger() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "org.apache.avro..",
                        "org.slf4j..",
                        "java.util.logging..",
                        "java.net.http..",
                        "io.stepstream.schemas..",
                        "io.stepstream.orchestrator..")
                .check(CLASSES);
    }

    @Test
    void hasNoClockOfItsOwn() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void hasNoRandomSourceAndNoThreadsOfItsOwn() {
        noClasses()
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CLASSES);
    }

    @Test
    void layersLookDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("rehearsal")
                .definedBy("io.stepstream.asl.rehearsal..")
                .layer("execution")
                .definedBy("io.stepstream.asl.execution..")
                .layer("definition")
                .definedBy("io.stepstream.asl.definition..")
                .layer("data")
                .definedBy("io.stepstream.asl.data..")
                .whereLayer("rehearsal")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("execution")
                .mayOnlyBeAccessedByLayers("rehearsal")
                .whereLayer("definition")
                .mayOnlyBeAccessedByLayers("execution", "rehearsal")
                .check(CLASSES);
    }
}
