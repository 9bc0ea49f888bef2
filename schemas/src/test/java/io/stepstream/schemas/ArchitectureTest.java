package io.stepstream.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.stepstream");

    @Test
    void the_contract_knows_nothing_else_of_ours() {
        noClasses()
                .that()
                .resideInAPackage("io.stepstream.schemas..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.stepstream.schemas..",
                        "java..",
                        "javax.crypto..",
                        "org.apache.avro..",
                        "org.apache.kafka..",
                        "com.fasterxml.jackson..",
                        "org.jspecify.annotations..",
                        "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void the_registry_client_knows_nothing_of_topics_and_tokens() {
        noClasses()
                .that()
                .resideInAPackage("io.stepstream.schemas.registry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.stepstream.schemas", "io.stepstream.schemas.avro")
                .check(CLASSES);
    }
}
