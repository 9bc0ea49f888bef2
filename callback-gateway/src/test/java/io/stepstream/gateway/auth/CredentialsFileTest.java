package io.stepstream.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsFileTest {

    @TempDir
    Path folder;

    @Test
    void aKeyThatIsAddedIsKnownByItsTextAndKeptAsAHash() throws Exception {
        var file = folder.resolve("sub/credentials.json");
        var key = ApiKey.generate();
        CredentialsFile.add(file, "ci", Set.of(Role.DEPLOYER, Role.VIEWER), Set.of(), key);
        CredentialsFile.addAws(
                file, "ci", Set.of(Role.DEPLOYER, Role.VIEWER), Set.of(), "AKIA0001", "a secret of 16 characters");
        CredentialsFile.add(file, "w", Set.of(Role.WORKER), Set.of("charge"), ApiKey.generate());

        var text = Files.readString(file);
        assertThat(text).doesNotContain(key.secret()).contains(key.hash());
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        var known = CredentialsFile.parse(text, "file");
        assertThat(known.api(key.text())).contains(new Principal("ci", Set.of(Role.DEPLOYER, Role.VIEWER), Set.of()));
        assertThat(known.aws("AKIA0001").orElseThrow().principal().name()).isEqualTo("ci");
        assertThat(known.api(key.text().replace(key.secret(), "A".repeat(43)))).isEmpty();
        assertThat(known.api(key.text() + "x")).isEmpty();
        assertThat(known.api("")).isEmpty();
        assertThat(known.toString()).doesNotContain("secret");

        assertThatThrownBy(() -> CredentialsFile.add(file, "ci", Set.of(Role.WORKER), Set.of(), ApiKey.generate()))
                .hasMessageContaining("'ci' with other roles");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'principals':[                                                  | no JSON, at line 1, column",
                "[]                                                               | no JSON object",
                "{}                                                               | no 'principals'",
                "{'principals':[],'x':1}                                          | member 'x'",
                "{'principals':[{'name':'a'}]}                                    | no 'roles'",
                "{'principals':[{'name':'a','roles':['king']}]}                   | role 'king'",
                "{'principals':[{'roles':['viewer']}]}                            | 'name'",
                "{'principals':[{'name':'a','roles':['viewer'],'tasks':'x'}]}     | 'tasks' that is no array",
                "{'principals':[{'name':'a','roles':['viewer']},{'name':'a','roles':['viewer']}]} | name of another one",
                "{'principals':[{'name':'a','roles':['viewer'],'awsKeys':[{'id':'AKIA','secret':'short'}]}]} | needs 'secret'",
                "{'principals':[{'name':'a','roles':['viewer'],'apiKeys':[{'id':'x','sha256':'y'}]}]} | needs 'id'",
                "{'principals':[{'name':'a','name':'b','roles':['viewer']}]}      | no JSON, at line 1",
                "{'principals':[{'name':'a','roles':['viewer'],'secrets':[]}]}    | member 'secrets'",
            })
    void saysWhatIsWrongAndWhere(String json, String message) {
        assertThatThrownBy(() -> CredentialsFile.parse(json.replace('\'', '"'), "the file"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("the file");
    }

    @Test
    void whatChangesIsTakenOverAndWhatIsBrokenIsNot() throws Exception {
        var file = folder.resolve("credentials.json");
        var first = ApiKey.generate();
        var second = ApiKey.generate();
        CredentialsFile.add(file, "a", Set.of(Role.VIEWER), Set.of(), first);
        try (var live = LiveCredentials.open(file)) {
            assertThat(live.now().api(second.text())).isEmpty();
            CredentialsFile.add(file, "a", Set.of(Role.VIEWER), Set.of(), second);
            until(() -> live.now().api(second.text()).isPresent());

            Files.writeString(file, "{\"principals\": broken and secret");
            until(() -> live.problem().isPresent());
            assertThat(live.problem().orElseThrow()).contains("no JSON").doesNotContain("broken");
            assertThat(live.now().api(second.text())).isPresent();

            var next = folder.resolve("next");
            Files.writeString(next, "{\"principals\":[]}");
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
            until(() -> live.now().api(second.text()).isEmpty());
            assertThat(live.problem()).isEmpty();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition) {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }
}
