package io.stepstream.gateway;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.approval.ApprovalPages;
import io.stepstream.gateway.approval.Approvals;
import io.stepstream.gateway.aws.AwsApi;
import io.stepstream.gateway.aws.AwsOperations;
import io.stepstream.gateway.engine.CommandGate;
import io.stepstream.gateway.engine.Definitions;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.KafkaClients;
import io.stepstream.gateway.engine.MapRuns;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.Tags;
import io.stepstream.gateway.engine.TaskNames;
import io.stepstream.gateway.engine.TaskPolls;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.engine.Versions;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.v1.NativeApi;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** A running callback gateway: an HTTP server on 127.0.0.1 and its Kafka clients. Any number may run side by side. */
public final class Gateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration IDLE_CONNECTION = Duration.ofMinutes(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 20_000;

    private final Admin admin;
    private final CommandGate gate;
    private final Definitions definitions;
    private final TaskPolls polls;
    private final QueryApi queries;
    private final WebServer server;

    private Gateway(GatewaySettings settings) {
        var kafka = new KafkaClients(settings.bootstrapServers(), settings.kafka());
        var codec = new RecordCodec(new HttpSchemaRegistry(settings.registry()));
        this.admin = kafka.admin();
        this.gate = new CommandGate(kafka, codec, settings.instanceId(), PATIENCE);
        this.definitions = new Definitions(kafka, admin, codec);
        this.queries = new QueryApi(settings.orchestrators(), settings.apiSecret());

        var arns = settings.arns();
        var taskNames = new TaskNames(gate, definitions, admin, arns);
        var stateMachines = new StateMachines(gate, definitions, taskNames, queries, arns);
        var executions = new Executions(gate, stateMachines, queries, arns);
        var tasks = new Tasks(gate, settings.tokenKeys());
        this.polls = new TaskPolls(kafka, codec, tasks);

        var clock = Clock.systemUTC();
        var defaultRole = "arn:%s:iam::%s:role/stepstream".formatted(arns.partition(), arns.account());
        var routing = HttpRouting.builder()
                .register("/v1", new NativeApi(stateMachines, executions, tasks, defaultRole))
                .register(new AwsApi(new AwsOperations(
                        new AwsOperations.Services(
                                stateMachines,
                                new Versions(gate, definitions),
                                new Tags(gate, definitions),
                                executions,
                                new MapRuns(gate, executions, queries),
                                tasks,
                                taskNames,
                                polls,
                                queries),
                        settings.tokenKeys())))
                .register(new ApprovalPages(
                        new Approvals(queries, settings.tokenKeys(), clock), tasks, settings.tokenKeys(), clock))
                .get("/health/live", (request, response) -> health(response, true))
                .get("/health/ready", (request, response) -> health(response, isReady()));
        this.server = WebServer.builder()
                .host("127.0.0.1")
                .port(settings.port())
                .maxPayloadSize(Bodies.DRAINED_BYTES)
                .maxTcpConnections(CONNECTIONS)
                .idleConnectionTimeout(IDLE_CONNECTION)
                .connectionOptions(options -> options.readTimeout(READ_TIMEOUT))
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
    }

    /** Starts a gateway. It listens when this returns, and answers once it has heard from Kafka: {@link #awaitReady}. */
    public static Gateway start(GatewaySettings settings) {
        return new Gateway(settings);
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Whether verdicts can be heard and every definition has been read. */
    public boolean isReady() {
        return gate.isReady() && definitions.isReady();
    }

    /** Waits until {@link #isReady}. */
    public void awaitReady(Duration patience) throws InterruptedException, TimeoutException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!isReady()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the gateway has not heard from Kafka within " + patience);
            }
            Thread.sleep(Duration.ofMillis(10));
        }
    }

    private static void health(ServerResponse response, boolean well) {
        response.status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        response.header("Content-Type", "application/json");
        response.header("Cache-Control", "no-store");
        response.send("{\"status\":\"%s\"}".formatted(well ? "UP" : "DOWN"));
    }

    @Override
    public void close() {
        polls.close();
        gate.close();
        server.stop();
        definitions.close();
        queries.close();
        admin.close(Duration.ofSeconds(2));
    }
}
