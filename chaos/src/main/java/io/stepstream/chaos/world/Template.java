package io.stepstream.chaos.world;

import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The state machines that are run. Each ends by itself, whatever its tasks do. */
public enum Template {
    ONE_TASK,
    THREE_TASKS,
    WAIT,
    ASK,
    ASK_TWICE,
    HEARTBEAT,
    PARALLEL,
    FAILING_BRANCH,
    MAP,
    WIDE_MAP,
    LOOP,
    CHILD,
    CHILDREN,
    DEADLINE,
    JSONATA;

    /** A task that workers do. */
    public static final String WORK = "work";
    /** A task that is answered by its token. */
    public static final String ASK_BY_TOKEN = "ask";

    /** The state machines of which only some executions run at once. */
    public static final List<Template> LIMITED = List.of(THREE_TASKS, CHILD);

    public static final List<String> TASKS = List.of(WORK, ASK_BY_TOKEN);

    /** The state machine's name. */
    public String machine() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String arn() {
        return Arns.DEFAULT.stateMachine(machine());
    }

    /** Its definition in the States Language. */
    public String definition() {
        var file = machine() + ".asl.json";
        try (var in = Template.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
