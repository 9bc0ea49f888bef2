package io.stepstream.integrations.retry;

import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskError;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tries again what may go better the next time, with pauses that double. All pauses together are well under the lock of a task request,
 * 30 s; beyond them the task fails, and its state's own Retry decides.
 *
 * @param attempts how often in all
 * @param first the first pause; each is cut at random by up to a half, so that many do not come back at once
 */
public record Backoff(int attempts, Duration first, Pause pause) {

    /** Four attempts within some four seconds. */
    public static final Backoff DEFAULT = new Backoff(4, Duration.ofMillis(500), Thread::sleep);

    /** Lets time pass. */
    @FunctionalInterface
    public interface Pause {
        void take(Duration time) throws InterruptedException;
    }

    /** One attempt. */
    @FunctionalInterface
    public interface Attempt {
        void make() throws TaskError;
    }

    /** Makes attempts until one succeeds. What is poisonous is not tried again. */
    public void run(Attempt attempt) throws TaskError {
        var next = first;
        for (var made = 1; ; made++) {
            try {
                attempt.make();
                return;
            } catch (PoisonousRequest e) {
                throw e;
            } catch (TaskError e) {
                if (made == attempts) {
                    throw e;
                }
                sleep(next, e);
                next = next.multipliedBy(2);
            }
        }
    }

    private void sleep(Duration time, TaskError reason) throws TaskError {
        try {
            pause.take(time.minusMillis(ThreadLocalRandom.current().nextLong(time.toMillis() / 2 + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
