package io.stepstream.integrations.items;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What a built-in worker may see: the worker library, as anybody's service does, and what it does its work with. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.stepstream.integrations");

    @Test
    void seesNothingOfTheEngineButTriggersTheLanguage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..trigger..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.stepstream.asl..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.stepstream.orchestrator..", "io.stepstream.gateway..", "org.apache.kafka.streams..")
                .check(CLASSES);
    }

    @Test
    void onlyTheRoomsDoorKnowsKafka() {
        noClasses()
                .that()
                .resideInAnyPackage("..items.store..", "..items.reader..", "..items.writer..", "..items.request..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.stepstream.schemas..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreKnowsWhereObjectsAre() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..items.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..items.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.stepstream.worker..", "..items.reader..", "..items.writer..")
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("io.stepstream.integrations.items.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
