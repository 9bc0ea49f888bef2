package io.stepstream.settings;

import static io.stepstream.settings.Program.GATEWAY;
import static io.stepstream.settings.Program.INTEGRATIONS;
import static io.stepstream.settings.Program.ORCHESTRATOR;
import static io.stepstream.settings.Program.TOPICS;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Every setting there is; {@code docs/configuration.md} is this table. A name that ends in {@code *} stands for all that begin so. */
public enum Key {
    CONFIG(
            "config",
            Form.TEXT,
            "a properties file in UTF-8",
            "",
            "file with settings; what is a system property or an environment variable goes before it",
            EnumSet.allOf(Program.class)),
    BOOTSTRAP_SERVERS(
            "bootstrap.servers",
            Form.TEXT,
            "host:port, several separated by commas",
            "",
            "Kafka's brokers; required",
            EnumSet.allOf(Program.class)),
    KAFKA(
            "kafka.*",
            Form.TEXT,
            "what Kafka takes",
            "",
            "passed to every Kafka client, and to Kafka Streams, by Kafka's own names: security.protocol, ssl.*, sasl.*, num.stream.threads, ...",
            EnumSet.allOf(Program.class)),
    REGISTRY(
            "registry",
            Form.ADDRESS,
            "an address like http://host:8081",
            "",
            "the schema registry's Confluent API; required",
            Set.of(ORCHESTRATOR, GATEWAY, INTEGRATIONS)),
    TOKEN_SECRETS(
            "token.secrets",
            Form.TEXT,
            "lines of the file of token keys, separated by line ends or commas",
            "",
            "the keys that task tokens are signed with, for secret stores that fill environments; goes before token.keys",
            Set.of(ORCHESTRATOR, GATEWAY)),
    TOKEN_KEYS(
            "token.keys",
            Form.TEXT,
            "a file",
            "",
            "the keys that task tokens are signed with, the same for all; made when missing; required without token.secrets",
            Set.of(ORCHESTRATOR, GATEWAY)),
    API_SECRET(
            "api.secret",
            Form.TEXT,
            "a long random text",
            "",
            "what a caller of the orchestrators' query API must show; required",
            Set.of(ORCHESTRATOR, GATEWAY)),
    STATE_DIR(
            "state.dir",
            Form.TEXT,
            "a folder",
            "",
            "for state stores; may be lost, they are restored from Kafka; required",
            Set.of(ORCHESTRATOR)),
    API_HOST(
            "api.host",
            Form.TEXT,
            "a name or address of this machine",
            "127.0.0.1",
            "where the query API listens, and how other orchestrators reach it: for a private network, since it has no TLS",
            Set.of(ORCHESTRATOR)),
    API_PORT(
            "api.port",
            Form.PORT,
            "a port; 0 for any free one",
            "0",
            "of the query API, with health and metrics",
            Set.of(ORCHESTRATOR)),
    SEALED_STATE_MACHINES(
            "sealed.state.machines",
            Form.TEXT,
            "names, separated by commas; * stands for any characters",
            "",
            "state machines whose executions are sealed (docs/purge.md)",
            Set.of(ORCHESTRATOR)),
    MASTER_KEYS(
            "master.keys",
            Form.TEXT,
            "a file",
            "",
            "the keys that data keys of sealed executions are wrapped with",
            Set.of(ORCHESTRATOR)),
    TRACES_ENDPOINT(
            "traces.endpoint",
            Form.ADDRESS,
            "an address like http://collector:4318",
            "",
            "where spans are sent by OTLP over HTTP; goes before OTEL_EXPORTER_OTLP_ENDPOINT, and without either none are made (docs/tracing.md)",
            Set.of(ORCHESTRATOR, GATEWAY)),
    LIMITS("limits.*", Form.TEXT, "see docs/limits.md", "", "the interpreter's limits", Set.of(ORCHESTRATOR)),
    ORCHESTRATORS(
            "orchestrators",
            Form.TEXT,
            "addresses like http://host:7070, separated by commas",
            "",
            "the orchestrators' query APIs; required",
            Set.of(GATEWAY)),
    GATEWAY_HOST(
            "gateway.host",
            Form.TEXT,
            "a name or address of this machine",
            "127.0.0.1",
            "where the gateway listens; beyond this machine only with gateway.credentials",
            Set.of(GATEWAY)),
    GATEWAY_PORT("gateway.port", Form.PORT, "a port; 0 for any free one", "8080", "of the gateway", Set.of(GATEWAY)),
    GATEWAY_INSTANCE(
            "gateway.instance",
            Form.TEXT,
            "a name that no other gateway has",
            "",
            "names this gateway over restarts, as verdicts are addressed to it; required",
            Set.of(GATEWAY)),
    GATEWAY_CREDENTIALS(
            "gateway.credentials",
            Form.TEXT,
            "a file, as `stepstream keys create` writes it",
            "",
            "who may call; without it everybody may, and only on loopback",
            Set.of(GATEWAY)),
    GATEWAY_TLS_CERTIFICATE(
            "gateway.tls.certificate",
            Form.TEXT,
            "a PEM file",
            "",
            "certificate chain; goes with gateway.tls.key",
            Set.of(GATEWAY)),
    GATEWAY_TLS_KEY("gateway.tls.key", Form.TEXT, "a PEM file (PKCS #8)", "", "its private key", Set.of(GATEWAY)),
    GATEWAY_LIMITS(
            "gateway.limits.*",
            Form.TEXT,
            "see docs/security.md",
            "",
            "how much a gateway takes: sizes, times, connections, rates",
            Set.of(GATEWAY)),
    GATEWAY_TRUSTED_PROXIES(
            "gateway.trusted.proxies",
            Form.TEXT,
            "addresses and networks like 10.0.0.0/8, separated by commas",
            "",
            "proxies whose Forwarded or X-Forwarded-For header tells where a request came from",
            Set.of(GATEWAY)),
    GATEWAY_TASK_NAMES(
            "gateway.task.names",
            Form.TASK_NAMES,
            "register or refuse",
            "register",
            "what becomes of a definition with task names that nobody has registered: they are, or it is refused",
            Set.of(GATEWAY)),
    MANAGEMENT_PORT(
            "management.port",
            Form.PORT,
            "a port; 0 for any free one",
            "",
            "where the gateway has metrics and health for machines, on management.host; without it metrics are not served",
            Set.of(GATEWAY)),
    MANAGEMENT_HOST(
            "management.host",
            Form.TEXT,
            "a name or address of this machine",
            "127.0.0.1",
            "where management.port is: it is open, so keep it in a private network",
            Set.of(GATEWAY)),
    ITEMS_DIRECTORIES(
            "items.directories",
            Form.TEXT,
            "like orders=/data/orders,results=/data/out",
            "",
            "folders as buckets of distributed Maps (docs/distributed-map.md)",
            Set.of(INTEGRATIONS)),
    ITEMS_S3_BUCKETS(
            "items.s3.buckets",
            Form.TEXT,
            "names, separated by commas",
            "",
            "buckets of the S3 endpoint that may be used",
            Set.of(INTEGRATIONS)),
    ITEMS_S3_ENDPOINT(
            "items.s3.endpoint",
            Form.ADDRESS,
            "an address like http://minio:9000",
            "",
            "the S3 endpoint; AWS's of the region without it",
            Set.of(INTEGRATIONS)),
    ITEMS_S3_REGION(
            "items.s3.region",
            Form.TEXT,
            "like eu-central-1",
            "us-east-1",
            "region that requests are signed for",
            Set.of(INTEGRATIONS)),
    ITEMS_S3_ACCESS_KEY(
            "items.s3.access.key",
            Form.TEXT,
            "an access key",
            "",
            "goes with items.s3.secret.key; without them credentials are found as AWS's tools find them",
            Set.of(INTEGRATIONS)),
    ITEMS_S3_SECRET_KEY(
            "items.s3.secret.key", Form.TEXT, "its secret", "", "goes with items.s3.access.key", Set.of(INTEGRATIONS)),
    ITEMS_INFLATED_BYTES(
            "items.inflated.bytes",
            Form.TEXT,
            "a number of bytes",
            "",
            "room for temporary files of inflated gzip files",
            Set.of(INTEGRATIONS)),
    HTTP_ALLOW(
            "http.allow",
            Form.TEXT,
            "like https://api.example.org,https://*.example.org:8443/v1",
            "",
            "what http:invoke may call at public addresses (docs/integrations.md)",
            Set.of(INTEGRATIONS)),
    HTTP_ALLOW_PRIVATE(
            "http.allow.private",
            Form.TEXT,
            "like http://billing.internal:8080",
            "",
            "what it may call wherever it is",
            Set.of(INTEGRATIONS)),
    HTTP_CONNECTIONS(
            "http.connections",
            Form.TEXT,
            "names, separated by commas",
            "",
            "connections that definitions may name",
            Set.of(INTEGRATIONS)),
    HTTP_CONNECTION(
            "http.connection.*",
            Form.TEXT,
            "NAME.header, NAME.value, NAME.for",
            "",
            "a connection's header, its value, and the addresses that it may be sent to",
            Set.of(INTEGRATIONS)),
    PUBLISH_TOPICS(
            "publish.topics",
            Form.TEXT,
            "like orders-queue=shop.orders,alerts=ops.alerts",
            "",
            "topics that messages of queues, topics and buses go to (docs/integrations.md)",
            Set.of(INTEGRATIONS)),
    TRIGGER_FILE("trigger.file", Form.TEXT, "a file", "", "the triggers (docs/triggers.md)", Set.of(INTEGRATIONS)),
    TRIGGER_GATEWAY(
            "trigger.gateway",
            Form.ADDRESS,
            "an address like http://gateway:8080",
            "",
            "where executions are started",
            Set.of(INTEGRATIONS)),
    TRIGGER_API_KEY(
            "trigger.api.key",
            Form.TEXT,
            "a key of role operator",
            "",
            "what the gateway knows the triggers by",
            Set.of(INTEGRATIONS)),
    NOTIFY_GATEWAY(
            "notify.gateway",
            Form.ADDRESS,
            "an address like https://approve.example.org",
            "",
            "the gateway as people reach it: links begin with it (docs/approvals.md)",
            Set.of(INTEGRATIONS)),
    NOTIFY_TEMPLATES("notify.templates", Form.TEXT, "a folder", "", "templates of mails", Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_HOST(
            "notify.smtp.host",
            Form.TEXT,
            "a host",
            "",
            "the mail server; without it there are no mails",
            Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_PORT("notify.smtp.port", Form.PORT, "a port", "587", "its port", Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_ENCRYPTION(
            "notify.smtp.encryption",
            Form.TEXT,
            "none, starttls or tls",
            "starttls",
            "how mails are sent",
            Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_FROM("notify.smtp.from", Form.TEXT, "an address", "", "that mails are from", Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_USER(
            "notify.smtp.user", Form.TEXT, "a name", "", "goes with notify.smtp.password", Set.of(INTEGRATIONS)),
    NOTIFY_SMTP_PASSWORD(
            "notify.smtp.password", Form.TEXT, "a password", "", "goes with notify.smtp.user", Set.of(INTEGRATIONS)),
    NOTIFY_WEBHOOKS(
            "notify.webhooks",
            Form.TEXT,
            "like chat=https://chat.example.org/hook",
            "",
            "addresses of webhooks, by the names that definitions use",
            Set.of(INTEGRATIONS)),
    NOTIFY_WEBHOOK_SECRETS(
            "notify.webhook.*",
            Form.TEXT,
            "NAME.secret, of at least 16 characters",
            "",
            "what a webhook's bodies are signed with",
            Set.of(INTEGRATIONS)),
    ARN_PARTITION("arn.partition", Form.TEXT, "like aws", "aws", "what ARNs say", Set.of(GATEWAY)),
    ARN_REGION("arn.region", Form.TEXT, "like eu-central-1", "us-east-1", "what ARNs say", Set.of(GATEWAY)),
    ARN_ACCOUNT("arn.account", Form.TEXT, "12 digits", "000000000000", "what ARNs say", Set.of(GATEWAY)),
    TOPICS_PARTITIONS(
            "topics.partitions",
            Form.COUNT,
            "a whole number above 0",
            "12",
            "of each topic of the engine's when they are created; fixed from then on",
            Set.of(TOPICS)),
    TOPICS_REPLICATION(
            "topics.replication",
            Form.COUNT,
            "a whole number above 0",
            "3",
            "replication factor of topics when they are created",
            Set.of(TOPICS));

    static final String PREFIX = "stepstream.";

    /** What a value is. */
    enum Form {
        TEXT,
        PORT,
        COUNT,
        ADDRESS,
        TASK_NAMES
    }

    private final String name;
    private final Form form;
    private final String accepted;
    private final String byDefault;
    private final String meaning;
    private final Set<Program> readers;
    private final Pattern pattern;

    Key(String name, Form form, String accepted, String byDefault, String meaning, Set<Program> readers) {
        this.name = name;
        this.form = form;
        this.accepted = accepted;
        this.byDefault = byDefault;
        this.meaning = meaning;
        this.readers = Set.copyOf(readers);
        this.pattern = Pattern.compile(Pattern.quote(name).replace("*", "\\E.+\\Q"));
    }

    /** As a system property, or a line of the file. */
    public String property() {
        return PREFIX + name;
    }

    /** As an environment variable. */
    public String variable() {
        return variable(property());
    }

    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** What is accepted, in words. */
    public String accepted() {
        return accepted;
    }

    /** What counts when it is not given, if there is something. */
    public Optional<String> byDefault() {
        return byDefault.isEmpty() ? Optional.empty() : Optional.of(byDefault);
    }

    /** What it is for. */
    public String meaning() {
        return meaning;
    }

    /** The programs that read it. */
    public Set<Program> readers() {
        return readers;
    }

    Form form() {
        return form;
    }

    /** Whether a property, without its prefix, is this key. */
    boolean names(String unprefixed) {
        return pattern.matcher(unprefixed).matches();
    }

    /** What all names that this key stands for begin with, without the prefix; of a single one, its name. */
    String stem() {
        return name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
    }

    boolean isFamily() {
        return name.endsWith("*");
    }
}
