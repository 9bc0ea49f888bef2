package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A JSONPath of a definition, compiled once: {@code $.a} looks into the data at hand, {@code $$.a} into the context object,
 * {@code $name.a} into a variable.
 */
public final class Path {

    /** Longest path; a longer one is no path that a person wrote. */
    static final int MAX_LENGTH = 4_096;

    /** Most deep scans ({@code ..}) in a path: each multiplies the work by the size of the data. */
    static final int MAX_DEEP_SCANS = 2;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Configuration CONFIGURATION = Configuration.builder()
            .jsonProvider(new Trees())
            .mappingProvider(new JacksonMappingProvider(MAPPER))
            .build();
    private static final Pattern FORM =
            Pattern.compile("\\$(?<root>\\$|[\\p{L}_][\\p{L}\\p{N}_]*)?(?<rest>(?:[.\\[].*)?)", Pattern.DOTALL);
    private static final Pattern MEANT = Pattern.compile("\\$\\$?(?:[.\\[]|$)|States\\.[A-Z]\\w*\\(");
    private static final Pattern FUNCTION_WITH_ARGUMENTS = Pattern.compile("\\.[A-Za-z]+\\(\\s*[^)\\s]");
    private static final Pattern FROM_END = Pattern.compile("\\[\\(@\\.length ?- ?(\\d{1,9})\\)]");
    private static final Pattern EXECUTION_INPUT =
            Pattern.compile("(?:\\.Execution|\\['Execution'])(?:\\.Input|\\['Input'])(?:[.\\[].*)?", Pattern.DOTALL);
    private static final Pattern ELSEWHERE_IN_CONTEXT = Pattern.compile(
            "(?:\\.(?!Execution(?:[.\\[]|$))\\w+|\\.Execution\\.(?!Input(?:[.\\[]|$))\\w+)(?:[.\\[].*)?",
            Pattern.DOTALL);

    /** The library's view of trees; it takes an index behind an array's end for a null, where there is nothing. */
    private static final class Trees extends JacksonJsonNodeJsonProvider {
        @Override
        public Object getArrayIndex(Object array, int index) {
            if (index < 0 || index >= length(array)) {
                throw new IndexOutOfBoundsException(index);
            }
            return super.getArrayIndex(array, index);
        }
    }

    /** Which tree a path starts in. */
    private enum Root {
        DATA,
        CONTEXT,
        VARIABLE
    }

    private final String text;
    private final Root root;
    private final String variable;
    private final Optional<JsonPath> compiled;
    private final RegexCost regexCost;
    private final Uses uses;

    private Path(String text, Root root, String variable, Optional<JsonPath> compiled, RegexCost regexCost, Uses uses) {
        this.text = text;
        this.root = root;
        this.variable = variable;
        this.compiled = compiled;
        this.regexCost = regexCost;
        this.uses = uses;
    }

    /** Whether it looks into the data at hand. */
    boolean isOfData() {
        return root == Root.DATA;
    }

    /** Whether a text claims to be a path. */
    public static boolean looksLikeOne(String text) {
        return text.startsWith("$");
    }

    /** Whether a text that is taken as it stands reads as if a path had been meant: a price ({@code $5}) does not. */
    public static boolean looksMeant(String text) {
        return MEANT.matcher(text).lookingAt();
    }

    public static Path compile(String text) throws InvalidExpression {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidExpression("a path may have at most " + MAX_LENGTH + " characters, not " + text.length());
        }
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new InvalidExpression("a path begins with $., $[, $$ or $<variable>");
        }
        var rest = form.group("rest");
        var name = Optional.ofNullable(form.group("root"));
        var cost = RegexCost.of(rest);
        var compiled = rest.isEmpty() ? Optional.<JsonPath>empty() : Optional.of(compileRest(rest));
        if (name.isEmpty()) {
            return new Path(text, Root.DATA, "", compiled, cost, Uses.NOTHING);
        }
        if (name.get().equals("$")) {
            var needsInput = !ELSEWHERE_IN_CONTEXT.matcher(rest).matches();
            var needsContext = !EXECUTION_INPUT.matcher(rest).matches();
            return new Path(text, Root.CONTEXT, "", compiled, cost, new Uses(needsContext, needsInput, Set.of()));
        }
        return new Path(text, Root.VARIABLE, name.get(), compiled, cost, new Uses(false, false, Set.of(name.get())));
    }

    private static JsonPath compileRest(String rest) throws InvalidExpression {
        if (rest.split("\\.\\.", -1).length - 1 > MAX_DEEP_SCANS) {
            throw new InvalidExpression("a path may have at most " + MAX_DEEP_SCANS + " deep scans (..)");
        }
        if (FUNCTION_WITH_ARGUMENTS.matcher(rest).find()) {
            throw new InvalidExpression("functions with arguments are not allowed in a path");
        }
        checkBrackets(rest);
        try {
            // AWS still takes the script that counts from an array's end; the library has negative indices for that.
            var modern = FROM_END.matcher(rest).replaceAll("[-$1]");
            // AWS takes \" in a quoted name as the two characters they are; the library would drop the backslash.
            return JsonPath.compile("$" + modern.replace("\\\"", "\\\\\""));
        } catch (InvalidPathException | IllegalArgumentException e) {
            throw new InvalidExpression(String.valueOf(e.getMessage()));
        }
    }

    /** The library passes over a bracket that the path ends in, and over what stands between a bracket and the next step. */
    private static void checkBrackets(String rest) throws InvalidExpression {
        int depth = 0;
        for (int i = 0; i < rest.length(); i++) {
            switch (rest.charAt(i)) {
                case '\'', '"', '/' -> i = depth == 0 ? i : endOfQuoted(rest, i);
                case '[' -> depth++;
                case ']' -> {
                    depth = Math.max(0, depth - 1);
                    if (depth == 0 && i + 1 < rest.length() && ".[ ".indexOf(rest.charAt(i + 1)) < 0) {
                        throw new InvalidExpression("after ] comes a step, as .name or [0], or nothing: '"
                                + rest.substring(i + 1) + "' is neither");
                    }
                }
                default -> {}
            }
        }
        if (depth > 0) {
            throw new InvalidExpression("a bracket [ is not closed by ]");
        }
    }

    /** Where the quotation or the regular expression that begins here ends, or the text's end. */
    private static int endOfQuoted(String rest, int begin) {
        int i = begin + 1;
        while (i < rest.length() && rest.charAt(i) != rest.charAt(begin)) {
            i += rest.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    public String text() {
        return text;
    }

    public Uses uses() {
        return uses;
    }

    /** What the path finds; of a path that may find several, an array. */
    JsonNode read(Scope scope) throws NotFound {
        var tree = switch (root) {
            case DATA -> scope.root();
            case CONTEXT ->
                uses.executionInput()
                        ? scope.contextObjectWithInput()
                        : scope.context().contextObject().tree();
            case VARIABLE ->
                scope.context()
                        .variable(variable)
                        .orElseThrow(() -> new NotFound("The variable '" + variable + "' is not defined"))
                        .tree();
        };
        if (compiled.isEmpty()) {
            return tree;
        }
        if (!regexCost.isAffordableFor(tree)) {
            throw new NotFound("the texts are too long for the path's regular expressions");
        }
        try {
            Object found = compiled.get().read(tree, CONFIGURATION);
            return found instanceof JsonNode node ? node : MAPPER.valueToTree(found);
        } catch (PathNotFoundException e) {
            // A wildcard or slice of something that is not there finds nothing, which is no error.
            if (!compiled.get().isDefinite()) {
                return Json.NODES.arrayNode();
            }
            throw new NotFound(String.valueOf(e.getMessage()));
        } catch (JsonPathException | IllegalArgumentException | ClassCastException e) {
            throw new NotFound("the path does not fit the data: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return text;
    }

    /** A path found nothing; every field has its own words for that. The message is the library's, which AWS quotes. */
    static final class NotFound extends Exception {
        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super(message, null, false, false);
        }
    }
}
