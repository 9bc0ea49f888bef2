package io.stepstream.gateway;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.stepstream.gateway.approval.ApprovalPages;
import io.stepstream.gateway.approval.Approvals;
import io.stepstream.gateway.approval.Deciding;
import io.stepstream.gateway.auth.Doors;
import io.stepstream.gateway.auth.LiveCredentials;
import io.stepstream.gateway.aws.AwsApi;
import io.stepstream.gateway.aws.AwsOperations;
import io.stepstream.gateway.engine.CommandGate;
import io.stepstream.gateway.engine.ConcurrencyLimits;
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
import io.stepstream.gateway.http.PageToken;
import io.stepstream.gateway.limits.LimitFilter;
import io.stepstream.gateway.limits.LongPolls;
import io.stepstream.gateway.limits.RateLimiter;
import io.stepstream.gateway.limits.TimedHeads;
import io.stepstream.gateway.metrics.RequestMeters;
import io.stepstream.gateway.trace.RequestSpans;
import io.stepstream.gateway.v1.NativeApi;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.tracing.Tracing;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running callback gateway: an HTTP server and its Kafka clients. Any number may run side by side. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The registry may keep its schemas in the Kafka that is away: a client is told within 5 s all the same. */
    private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(3);

    private static final Duration IDLE_CONNECTION = Duration.ofMinutes(5);

    private static final String MANAGEMENT = "management";

    private final Admin admin;
    private final CommandGate gate;
    private final Definitions definitions;
    private final TaskNames taskNames;
    private final TaskPolls polls;
    private final QueryApi queries;
    private final EdgeSettings edge;
    private final Optional<LiveCredentials> credentials;
    private final WebServer server;
    private final Optional<LiveTls> tls;
    private final Tracing tracing;

    private Gateway(GatewaySettings settings) {
        this.edge = settings.edge();
        this.tracing = Tracing.open(settings.traces(), "stepstream-gateway");
        this.credentials = edge.credentials().map(LiveCredentials::open);
        var kafka = new KafkaClients(settings.bootstrapServers(), settings.kafka());
        var registry = new HttpSchemaRegistry(settings.registry(), REGISTRY_PATIENCE);
        register(registry);
        var codec = new RecordCodec(registry);
        this.admin = kafka.admin();
        this.gate = new CommandGate(kafka, codec, settings.instanceId(), PATIENCE);
        this.definitions = new Definitions(kafka, admin, codec);
        this.queries = new QueryApi(settings.orchestrators(), settings.apiSecret());

        var arns = settings.arns();
        this.taskNames =
                new TaskNames(gate, definitions, admin, registry, settings.taskNames(), arns, settings.instanceId());
        var stateMachines = new StateMachines(gate, definitions, taskNames, queries, arns);
        var executions = new Executions(gate, stateMachines, queries, arns);
        var tasks = new Tasks(
                gate,
                settings.tokenKeys(),
                new RateLimiter("answers to one task", edge.limits().task()));
        var places = new LongPolls(edge.limits().longPolls());
        this.polls = new TaskPolls(kafka, admin, codec, tasks, places);

        var clock = Clock.systemUTC();
        var principals =
                new RateLimiter("requests of one principal", edge.limits().principal());
        var doors = new Doors(credentials, settings.tokenKeys(), queries, principals, arns.region(), clock);
        var defaultRole = "arn:%s:iam::%s:role/stepstream".formatted(arns.partition(), arns.account());
        var approvals = new Approvals(queries, settings.tokenKeys(), clock);
        var deciding = new Deciding(approvals, queries, tasks, settings.tokenKeys());
        var meters = new RequestMeters(places);
        var routing = HttpRouting.builder()
                .addFilter(meters)
                .addFilter(new RequestSpans(tracing.tracer()))
                .addFilter(new LimitFilter(edge.limits(), edge.proxies(), Refusing::send))
                .register(
                        "/v1",
                        new NativeApi(
                                doors,
                                stateMachines,
                                new ConcurrencyLimits(gate, definitions, queries),
                                executions,
                                queries,
                                tasks,
                                deciding,
                                places,
                                new PageToken(settings.tokenKeys()),
                                defaultRole))
                .register(new AwsApi(
                        doors,
                        new AwsOperations(
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
                .register(new ApprovalPages(approvals, deciding, settings.tokenKeys(), clock))
                .register("/health", new Health(this::isReady, this::warnings));
        this.server = server(settings, routing, management(meters));
        this.tls = edge.tls().map(files -> LiveTls.keep(files, server));
    }

    /** What is written is registered first, so that a schema that does not fit is told at the start. A registry that is away holds up commands, and nothing else. */
    private static void register(SchemaRegistry registry) {
        try {
            registry.register(Topics.subject(Topics.COMMANDS), Command.getClassSchema());
            registry.register(Topics.subject(Topics.TASK_RESULTS), TaskResult.getClassSchema());
        } catch (RegistryUnavailable e) {
            LOG.warn("The schema registry cannot be reached, and commands are refused until it is: {}", e.getMessage());
        }
    }

    /** For machines, on a port of its own that the world does not reach. */
    private HttpRouting.Builder management(RequestMeters meters) {
        return HttpRouting.builder()
                .get("/metrics", (request, response) -> {
                    response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                    response.send(meters.scrape());
                })
                .register("/health", new Health(this::isReady, this::warnings));
    }

    private static WebServer server(
            GatewaySettings settings, HttpRouting.Builder routing, HttpRouting.Builder management) {
        var edge = settings.edge();
        var limits = edge.limits();
        var server = WebServer.builder()
                .host(edge.host())
                .port(settings.port())
                .maxPayloadSize(Bodies.DRAINED_BYTES)
                .maxTcpConnections(limits.connections())
                .idleConnectionTimeout(IDLE_CONNECTION)
                .useNio(false)
                .connectionOptions(new TimedReads(SocketOptions.create(), limits.bodyTime()))
                .addConnectionSelector(new TimedHeads(
                        Http1ConnectionSelector.builder()
                                .config(Http1Config.builder()
                                        .maxHeadersSize(limits.headerBytes())
                                        .maxPrologueLength(limits.headerBytes())
                                        // At FINE they would show tokens, which are in paths and headers.
                                        .receiveLog(false)
                                        .sendLog(false)
                                        .build())
                                .build(),
                        limits.headTime()))
                .shutdownHook(false)
                .routing(routing);
        edge.management()
                .ifPresent(place -> server.putSocket(
                                MANAGEMENT,
                                ListenerConfig.builder()
                                        .host(place.host())
                                        .port(place.port())
                                        .build())
                        .routing(MANAGEMENT, management));
        edge.tls().map(LiveTls::read).ifPresent(server::tls);
        return server.build().start();
    }

    /**
     * Starts a gateway. It listens when this returns, and answers once it has heard from Kafka: {@link #awaitReady}.
     *
     * @throws io.stepstream.schemas.registry.IncompatibleSchema if the registry has schemas of what a gateway writes that its own do not read
     */
    public static Gateway start(GatewaySettings settings) {
        return new Gateway(settings);
    }

    /** Where it listens. */
    public URI uri() {
        var host = edge.host().contains(":") ? "[" + edge.host() + "]" : edge.host();
        return URI.create((server.hasTls() ? "https://" : "http://") + host + ":" + server.port());
    }

    /** Where metrics and health for machines are, if they are asked for. */
    public Optional<URI> management() {
        return edge.management().map(place -> URI.create("http://" + place.host() + ":" + server.port(MANAGEMENT)));
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

    /** What it serves in spite of, such as a credentials file that it cannot take over. */
    private List<String> warnings() {
        return Stream.concat(
                        credentials.flatMap(LiveCredentials::problem).stream(), tls.flatMap(LiveTls::problem).stream())
                .toList();
    }

    @Override
    public void close() {
        polls.close();
        gate.close();
        server.stop();
        tls.ifPresent(LiveTls::close);
        credentials.ifPresent(LiveCredentials::close);
        taskNames.close();
        definitions.close();
        queries.close();
        admin.close(Duration.ofSeconds(2));
        tracing.close();
    }
}
