package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java that pages show compiles, and the test that they show passes. A page leaves out what a reader has of his own. */
class JavaSnippetsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SHOWN =
            Pattern.compile("^```java\\n(?<code>.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** By page: a reader's own. */
    private static final Map<String, String> OWN = Map.of("README.md", """
            record ChargeRequest(String id) {}
            record Receipt(String id) {}
            """, "docs/workers.md", """
            record ChargeRequest(String card, int amount) {}
            record Receipt(int amount) {}
            static Map<String, Object> charge(ChargeRequest in) {
                return Map.of("charged", in.amount() > 0);
            }
            """);

    @TempDir
    Path classes;

    private record Snippet(String page, String code, String type) {
        String source() {
            return """
                    import static org.assertj.core.api.Assertions.assertThat;

                    import io.stepstream.worker.*;
                    import java.util.*;

                    public class %s {
                    %s
                        // %s
                        public void run() throws Exception {
                    %s
                        }
                    }
                    """.formatted(type, OWN.getOrDefault(page, ""), page, code);
        }
    }

    @Test
    void theyCompileAndTheTestAmongThemPasses() throws Exception {
        var snippets = snippets();
        assertThat(snippets).extracting(Snippet::page).containsAll(OWN.keySet());
        compile(snippets);
        var test = snippets.stream()
                .filter(snippet -> snippet.code().contains("WorkerTest.of("))
                .findFirst()
                .orElseThrow();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            var type = loader.loadClass(test.type());
            type.getMethod("run").invoke(type.getConstructor().newInstance());
        }
    }

    private static List<Snippet> snippets() throws IOException {
        var snippets = new ArrayList<Snippet>();
        try (var docs = Files.list(ROOT.resolve("docs"))) {
            var pages = Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(page -> page.toString().endsWith(".md")).sorted())
                    .toList();
            for (var page : pages) {
                SHOWN.matcher(Files.readString(page))
                        .results()
                        .forEach(block -> snippets.add(new Snippet(
                                ROOT.relativize(page).toString(), block.group("code"), "Snippet" + snippets.size())));
            }
        }
        return snippets;
    }

    private void compile(List<Snippet> snippets) {
        var said = new StringWriter();
        var options =
                List.of("-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        var sources = snippets.stream().map(Source::new).toList();
        var compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, sources)
                .call();
        assertThat(compiled).as("%s%n%s", said, sources).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Snippet snippet) {
            super(URI.create("string:///" + snippet.type() + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = snippet.source();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
