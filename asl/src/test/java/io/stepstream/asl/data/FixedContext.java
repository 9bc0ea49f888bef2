package io.stepstream.asl.data;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A context of which everything is said beforehand. */
record FixedContext(
        Document contextObject, Document executionInput, Map<String, Document> variables, RandomGenerator random)
        implements EvaluationContext {

    static FixedContext of(String contextObject, String executionInput, Map<String, Document> variables) {
        return new FixedContext(
                Document.ofTrusted(contextObject), Document.ofTrusted(executionInput), variables, new Random(1));
    }

    static FixedContext empty() {
        return of("{\"Execution\":{\"Id\":\"id\",\"Input\":null}}", "{}", Map.of());
    }

    @Override
    public Optional<Document> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }
}
