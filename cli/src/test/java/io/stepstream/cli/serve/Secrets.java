package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * What an installation keeps secret, made by the script that an operator runs.
 *
 * @param environment of every service
 * @param credentials the file of those who may call the gateway
 * @param key the operator's
 */
record Secrets(Map<String, String> environment, Path credentials, String key) {

    /** @param launcher the command line of {@code stepstream} */
    static Secrets make(Path root, Path folder, String launcher) throws Exception {
        var script = new ProcessBuilder("sh", root.resolve("deploy/secrets.sh").toString(), folder.toString());
        script.environment().put("STEPSTREAM", launcher);
        var process = script.redirectError(Path.of(folder + ".log").toFile()).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        var lines = new Properties();
        try (var reader = Files.newBufferedReader(folder.resolve("stepstream.env"))) {
            lines.load(reader);
        }
        var environment = new LinkedHashMap<String, String>();
        lines.forEach((name, value) -> environment.put(name.toString(), value.toString()));
        return new Secrets(environment, folder.resolve("credentials.json"), said.strip());
    }
}
