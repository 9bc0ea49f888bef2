package io.stepstream.chaos.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.chaos.world.Behaviour;
import io.stepstream.chaos.world.Dice;
import io.stepstream.chaos.world.Template;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.Worker;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workers that do what the seed says; killed, they leave what they hold to the others. */
public final class WorkersProcess {
    private static final int AT_ONCE = 6;

    private WorkersProcess() {}

    /** Arguments: bootstrap servers, registry, seed. */
    public static void main(String[] args) throws InterruptedException {
        var dice = new Dice(Long.parseLong(args[2]));
        var worker = Worker.builder()
                .bootstrapServers(args[0])
                .registry(URI.create(args[1]))
                .concurrency(AT_ONCE)
                .task(Template.WORK, JsonNode.class, (_, task) -> work(dice, task))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
        System.out.println("ready -");
        worker.join();
    }

    private static @Nullable Object work(Dice dice, TaskContext task) throws TaskError, InterruptedException {
        switch (Behaviour.of(dice, task.name(), task.idempotencyKey())) {
            case Behaviour.Silence _ -> task.later();
            case Behaviour.Answer answer -> {
                Thread.sleep(answer.after());
                if (answer.error().isPresent()) {
                    throw new TaskError(answer.error().get(), "as the seed says");
                }
            }
        }
        return Map.of("by", "worker");
    }
}
