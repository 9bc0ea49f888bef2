package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What Grafana is given, as far as it can be judged without one: its dashboard, and what provisions it, fit each other and the metrics there are. */
class DashboardTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path GRAFANA = ROOT.resolve("deploy/grafana");
    private static final Pattern METRIC = Pattern.compile("\\b(stepstream|kafka)_[a-z_]+");
    private static final int COLUMNS = 24;

    private final JsonNode dashboard = read();

    private static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(GRAFANA.resolve("dashboards/stepstream.json").toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode yaml(String file) throws IOException {
        Object content = new Yaml().load(Files.readString(GRAFANA.resolve(file)));
        return new ObjectMapper().valueToTree(content);
    }

    @Test
    void aPanelHasItsPlaceItsDatasourceAndItsQuery() {
        assertThat(dashboard.path("uid").asText()).isNotEmpty();
        assertThat(dashboard.path("title").asText()).isNotEmpty();
        assertThat(dashboard.path("schemaVersion").isInt()).isTrue();
        Set<String> taken = new HashSet<>();
        Set<String> titles = new HashSet<>();
        for (var panel : dashboard.path("panels")) {
            var title = panel.path("title").asText();
            assertThat(titles.add(title)).as("%s, once", title).isTrue();
            assertThat(panel.path("type").asText()).as(title).isEqualTo("timeseries");
            assertThat(panel.at("/datasource/type").asText()).as(title).isEqualTo("prometheus");
            var place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt())
                    .as(title)
                    .isLessThanOrEqualTo(COLUMNS);
            for (int x = place.path("x").asInt();
                    x < place.path("x").asInt() + place.path("w").asInt();
                    x++) {
                for (int y = place.path("y").asInt();
                        y < place.path("y").asInt() + place.path("h").asInt();
                        y++) {
                    assertThat(taken.add(x + " " + y))
                            .as("%s is alone at %d, %d", title, x, y)
                            .isTrue();
                }
            }
            Set<String> references = new HashSet<>();
            assertThat(panel.path("targets"))
                    .as(title)
                    .isNotEmpty()
                    .allMatch(target -> !target.path("expr").asText().isEmpty()
                            && references.add(target.path("refId").asText()));
        }
    }

    @Test
    void whatIsProvisionedIsWhatItAsks() throws Exception {
        var datasource = yaml("provisioning/datasources/prometheus.yml").at("/datasources/0");
        assertThat(dashboard.path("panels"))
                .allMatch(panel -> panel.at("/datasource/uid").equals(datasource.path("uid")));
        assertThat(datasource.path("type").asText()).isEqualTo("prometheus");
        assertThat(datasource.path("url").asText()).isEqualTo("http://prometheus:9090");

        var path = yaml("provisioning/dashboards/stepstream.yml")
                .at("/providers/0/options/path")
                .asText();
        var compose = new ComposeFile(ROOT.resolve("docker-compose.yml"), Path.of("/dev/null"));
        assertThat(compose.list("grafana", "volumes"))
                .contains(
                        "./deploy/grafana/dashboards:" + path + ":ro",
                        "./deploy/grafana/provisioning:/etc/grafana/provisioning:ro");
    }

    /** A metric that nobody has shows an empty panel, and an alert that never fires. */
    @Test
    void everyMetricThatIsAskedForIsDescribed() throws Exception {
        var described = Files.readString(ROOT.resolve("docs/metrics.md"));
        var asked = new ArrayList<String>();
        dashboard.findValues("expr").forEach(query -> asked.add(query.asText()));
        Files.readAllLines(ROOT.resolve("deploy/alerts.yml")).stream()
                .filter(line -> line.contains("expr:"))
                .forEach(asked::add);
        assertThat(asked).hasSizeGreaterThan(10);
        var unknown = new TreeSet<String>();
        for (var query : asked) {
            METRIC.matcher(query)
                    .results()
                    .map(found -> found.group().replaceFirst("_bucket$", ""))
                    .filter(metric -> !described.contains(metric))
                    .forEach(unknown::add);
        }
        assertThat(unknown).isEmpty();
    }
}
