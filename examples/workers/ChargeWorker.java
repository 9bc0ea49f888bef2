import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.Worker;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/**
 * Does charge-card tasks by the Java library.
 *
 * <p>{@code java -cp 'cli/target/lib/*' examples/workers/ChargeWorker.java localhost:9092 http://localhost:8081 [how many tasks]}
 */
public final class ChargeWorker {

    record ChargeRequest(String card, int amount) {}

    record Receipt(boolean charged, String by, int amount) {}

    public static void main(String[] arguments) throws InterruptedException {
        int most = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Integer.MAX_VALUE;
        var left = new CountDownLatch(most);
        try (var worker = Worker.builder()
                .bootstrapServers(arguments[0])
                .registry(URI.create(arguments[1]))
                .task("charge-card", (ChargeRequest in, TaskContext task) -> {
                    left.countDown();
                    return charge(in, task);
                })
                .start()) {
            left.await();
        }
        System.out.println("done");
    }

    static Receipt charge(ChargeRequest in, TaskContext task) throws TaskError {
        if (in.amount() < 0) {
            throw new TaskError("CardDeclined", "less than nothing");
        }
        // A real one hands task.idempotencyKey() to the card network: the same request may come again.
        return new Receipt(true, "Java", in.amount());
    }
}
