package io.stepstream.cli;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.gateway.auth.ApiKey;
import io.stepstream.gateway.auth.CredentialsFile;
import io.stepstream.gateway.auth.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stepstream keys}: who may call a gateway. */
@Command(name = "keys", description = "Makes keys for callers of a gateway.", mixinStandardHelpOptions = true)
final class KeysCommand {

    /** {@code stepstream keys create}. */
    @Command(
            name = "create",
            description =
                    "Makes a key, adds it to a credentials file, and prints it: once, the file has only its hash.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {

        @Option(names = "--principal", paramLabel = "NAME", required = true, description = "Whose; named in history.")
        private String principal = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "viewer, operator, deployer, worker or approver; several by several options.")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--task", paramLabel = "NAME", description = "A task that a worker may do (default: all).")
        private List<String> tasks = new ArrayList<>();

        @Option(
                names = "--file",
                paramLabel = "FILE",
                defaultValue = "credentials.json",
                description = "The credentials file (default: credentials.json).")
        private Path file = Path.of("credentials.json");

        @Option(
                names = "--aws",
                description = "An access key for AWS clients, instead of one for /v1; the file has its secret.")
        private boolean aws;

        private final PrintWriter out;

        Create(PrintWriter out) {
            this.out = out;
        }

        @Override
        public Integer call() {
            try {
                if (aws) {
                    createAws();
                } else {
                    var key = ApiKey.generate();
                    CredentialsFile.add(file, principal, roles(), Set.copyOf(tasks), key);
                    out.println(key.text());
                }
                out.flush();
                return 0;
            } catch (IllegalArgumentException e) {
                throw new Unusable(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw new Trouble("%s cannot be written (%s)".formatted(file, e), e);
            }
        }

        private void createAws() throws IOException {
            var random = new SecureRandom();
            var id = new byte[8];
            var secret = new byte[30];
            random.nextBytes(id);
            random.nextBytes(secret);
            var idText = "AKIA" + HexFormat.of().formatHex(id).toUpperCase(Locale.ROOT);
            var secretText = Base64.getUrlEncoder().encodeToString(secret);
            CredentialsFile.addAws(file, principal, roles(), Set.copyOf(tasks), idText, secretText);
            out.println("aws_access_key_id = " + idText);
            out.println("aws_secret_access_key = " + secretText);
        }

        private Set<Role> roles() {
            var found = EnumSet.noneOf(Role.class);
            for (var text : roles) {
                found.add(Role.of(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--role %s: give viewer, operator, deployer, worker or approver".formatted(text))));
            }
            return found;
        }
    }
}
