package io.stepstream.asl.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.HistoryJson;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.asl.rehearsal.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One damaged definition with one damaged input, made from nothing but the corpus and a seed, and what became of it. */
final class Mutant {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    /** Most steps of a run: a loop is known after a few. */
    private static final int STEPS = 60;

    /** Writes what is nested deeper than anybody may read. */
    private static final JsonMapper WRITER = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private final RandomGenerator random;
    private final Mutator mutator;
    private final List<Corpus.Example> corpus;
    private final Corpus.Example example;
    private final String definition;
    private final String input;
    private long written;

    /** How far a mutant came. */
    enum Fate {
        NO_JSON,
        INVALID,
        RUN
    }

    Mutant(List<Corpus.Example> corpus, long seed) {
        random = new SplittableRandom(seed);
        mutator = new Mutator(random);
        this.corpus = corpus;
        example = any();
        // A third keeps its definition, so that enough of them run: on an input, and with answers, that it does not
        // expect.
        definition = switch (random.nextInt(9)) {
            case 0 -> texts().bytes(text(example.definition()));
            case 1, 2, 3 -> text(example.definition());
            default -> text(mutator.mutant(example.definition(), any().definition(), random.nextInt(1, 4)));
        };
        input = random.nextInt(10) == 0 ? texts().bytes(text(example.input())) : text(value());
    }

    private TextMutator texts() {
        return new TextMutator(random, new Vocabulary(random));
    }

    private Corpus.Example any() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private JsonNode value() {
        return mutator.mutant(example.input(), any().input(), random.nextInt(3));
    }

    private static String text(JsonNode tree) {
        try {
            return WRITER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    String definition() {
        return definition;
    }

    String input() {
        return input;
    }

    /** Reads the definition, and plays it if it is valid. */
    Fate live(FuzzTest.Meter meter) {
        var type = random.nextInt(8) == 0 ? WorkflowType.EXPRESS : WorkflowType.STANDARD;
        return switch (StateMachine.parse(definition, type)) {
            case Parsed.Invalid(var findings) ->
                findings.stream().anyMatch(finding -> finding.code().equals("INVALID_JSON_DESCRIPTION"))
                        ? Fate.NO_JSON
                        : Fate.INVALID;
            case Parsed.Valid(var machine, var _) -> {
                play(
                        new Rehearsal(
                                machine,
                                Setting.of("machine", type, FROM, random.nextLong())
                                        .withSteps(STEPS),
                                this::answer,
                                (_, at, event) ->
                                        written += HistoryJson.of(event, at).size()),
                        meter);
                yield Fate.RUN;
            }
        };
    }

    private void play(Rehearsal rehearsal, FuzzTest.Meter meter) {
        rehearsal.start(document());
        Optional<Ending> ending;
        do {
            ending = meter.step(rehearsal::advance);
        } while (ending.isEmpty());
    }

    private Document document() {
        try {
            return Document.parse(input);
        } catch (MalformedJson _) {
            return Document.of(example.input());
        }
    }

    private List<Reply> answer(Effect.RequestTask request) {
        var after = Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(100_000) : 0);
        return switch (random.nextInt(8)) {
            case 0 -> List.of();
            case 1 -> List.of(new Reply.Fail(after, Optional.empty(), Optional.empty()));
            case 2 -> List.of(new Reply.Fail(after, Optional.of(text()), Optional.of(text())));
            case 3 -> List.of(new Reply.Heartbeat(Duration.ofSeconds(1)), new Reply.Complete(after, request.input()));
            case 4 ->
                List.of(new Reply.Take(Duration.ZERO, Optional.of(text())), new Reply.Complete(after, request.input()));
            default -> List.of(new Reply.Complete(after, Document.of(value())));
        };
    }

    private String text() {
        return texts().mutant(new Vocabulary(random).field());
    }
}
