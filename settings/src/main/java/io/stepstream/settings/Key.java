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
    ITEMS(
            "items.*",
            Form.TEXT,
            "see docs/distributed-map.md",
            "",
            "the item reader's and the result writer's own",
            Set.of(INTEGRATIONS)),
    NOTIFY("notify.*", Form.TEXT, "see docs/approvals.md", "", "the notifier's own", Set.of(INTEGRATIONS)),
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
        ADDRESS
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
