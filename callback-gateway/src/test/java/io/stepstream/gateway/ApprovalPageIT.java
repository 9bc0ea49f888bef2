package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The approval pages in a real browser, looked at with axe (WCAG 2.2 AA) and filled in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class ApprovalPageIT {

    private static final String SPEC =
            "'title':'Two standing desks for the workshop','description':'The old ones are broken, and the insurance pays half.',"
                    + "'requestedBy':'ines@example.org','show':{'amount':'1,180.00 EUR','supplier':{'name':'Holz & Co','city':'Kiel'},'items':['desk','desk']},"
                    + "'form':{'type':'object','required':['centre','from'],'properties':{"
                    + "'centre':{'type':'integer','title':'Cost centre','description':'Four digits','minimum':1000,'maximum':9999},"
                    + "'from':{'type':'string','title':'Pay from','format':'date'},"
                    + "'kind':{'type':'string','title':'Kind','enum':['New','Used']},"
                    + "'mail':{'type':'string','title':'Send the receipt to','format':'email'},"
                    + "'note':{'type':'string','title':'Note for the buyer','maxLength':500},"
                    + "'urgent':{'type':'boolean','title':'Is it urgent?'}}}";

    private Stack stack;
    private Api api;
    private Chromium browser;
    private final Path shots = Path.of("target", "screenshots");

    @BeforeAll
    void start(Stack shared) throws Exception {
        stack = shared;
        api = stack.api;
        browser = new Chromium(Files.createTempDirectory("chromium"));
        Files.createDirectories(shots);
        api.post("/v1/state-machines", "{'name':'approval-page','definition':%s}".formatted(asking("approval-page")));
    }

    private static String asking(String task) {
        return ("{'StartAt':'AskForApproval','States':{'AskForApproval':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                        + "'TimeoutSeconds':86400,'Parameters':{'FunctionName':'%s','Payload':{'token.$':'$$.Task.Token','approval':{%s}}},'End':true}}}")
                .formatted(task, SPEC);
    }

    @AfterAll
    void stop() throws Exception {
        browser.close();
    }

    /** The address of a request of its own, and its execution. They are asked for and answered one after the other. */
    private String[] asked(Decision decision, Optional<Instant> expires) throws Exception {
        var id = api.post("/v1/executions", "{'stateMachine':'approval-page'}")
                .json()
                .get("executionId")
                .asText();
        var token = api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("approval-page")))
                .json()
                .get("taskToken")
                .asText();
        var link = ApprovalLink.make(token, new Caveats(decision, expires, Optional.of("amira@example.org")));
        return new String[] {id, "/a/" + link, "/approve/" + token};
    }

    private URI at(String path) {
        return stack.gateway.uri().resolve(path);
    }

    /** What axe finds against WCAG up to 2.2 AA, and against good practice. */
    private void accessible(String page) throws Exception {
        try (var in = getClass().getResourceAsStream("/axe.min.js")) {
            browser.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8) + ";1");
        }
        var found = browser.evaluate(
                "axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>({rules:r.passes.length,violations:r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.html+' '+n.failureSummary).join('; '))}))");
        assertThat(found.path("violations")).as(page).isEmpty();
        assertThat(found.path("rules").intValue()).isGreaterThan(10);
    }

    private void shot(String name) throws Exception {
        Files.write(shots.resolve(name + ".png"), browser.screenshot());
    }

    @ParameterizedTest
    @CsvSource({"1100,900,light", "1100,900,dark", "360,740,light", "360,740,dark"})
    void everyPageIsAccessible(int width, int height, String scheme) throws Exception {
        var name = "look-%d-%s".formatted(width, scheme);
        var asked = asked(Decision.APPROVED, Optional.empty());
        browser.look(width, height, scheme);
        browser.open(at(asked[1]));
        accessible("open");
        shot("form-" + name);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(width);

        // Past the browser's own checks, as somebody without them.
        browser.evaluate(
                "document.querySelector('form').noValidate=true;document.getElementById('field-centre').value='7'");
        browser.click("button");
        assertThat(browser.evaluate("document.title").asText()).startsWith("Error: ");
        accessible("errors");
        shot("errors-" + name);

        browser.open(at(asked[2]));
        accessible("by token");
        browser.open(at("/a/nothing"));
        accessible("unknown");
        shot("unknown-" + name);
        browser.open(at(asked(Decision.DENIED, Optional.of(Instant.now().minusSeconds(60)))[1]));
        accessible("expired");
        browser.open(at(asked(Decision.DENIED, Optional.empty())[1]));
        accessible("deny");
        shot("deny-" + name);
        browser.click("button");
        accessible("denied");
        shot("denied-" + name);
    }

    @Test
    void aSealedRequestIsShownFilledInAndDecided() throws Exception {
        var created = api.aws(
                "CreateStateMachine",
                "{'name':'approval-sealed','roleArn':'arn:aws:iam::000000000000:role/r','tags':[{'key':'stepstream:sealed','value':'true'}],'definition':\"%s\"}"
                        .formatted(asking("approval-sealed").replace("'", "\\'")));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        var id = api.post("/v1/executions", "{'stateMachine':'approval-sealed'}")
                .json()
                .get("executionId")
                .asText();
        var polled =
                api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("approval-sealed")));
        var token = polled.json().get("taskToken").asText();
        var link = ApprovalLink.make(
                token, new Caveats(Decision.APPROVED, Optional.empty(), Optional.of("amira@example.org")));
        // A title in the list would be data that outlives the key (ADR 0033).
        assertThat(api.get("/v1/approvals?limit=1000").text()).doesNotContain(id);
        browser.look(1100, 900, "light");
        browser.open(at("/a/" + link));
        assertThat(browser.evaluate("document.body.textContent").asText())
                .contains("Two standing desks for the workshop")
                .contains("1,180.00 EUR")
                .contains("Cost centre");
        accessible("sealed");
        browser.evaluate("document.getElementById('field-centre').value='1234';"
                + "document.getElementById('field-from').value='2026-12-01'");
        browser.click("button");
        assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
                .isEqualTo("This request was approved");
        assertThat(browser.evaluate("document.body.textContent").asText())
                .contains("amira@example.org")
                .contains("Filled in")
                .contains("1234");
        assertThat(api.get("/v1/executions/" + id).json().at("/output/fields").toString())
                .isEqualTo("{\"centre\":1234,\"from\":\"2026-12-01\"}");
        // With its key the decision goes too: the view has only its place.
        assertThat(api.post("/v1/executions/" + id + "/purge", "{'reason':'of the test'}")
                        .status())
                .isEqualTo(200);
        browser.open(at("/a/" + link));
        assertThat(browser.evaluate("document.body.textContent").asText())
                .doesNotContain("Two standing desks")
                .doesNotContain("Filled in");
    }

    @Test
    void aFormIsFilledInByKeyboardAndItsFieldsAreTheResult() throws Exception {
        var asked = asked(Decision.APPROVED, Optional.empty());
        browser.look(1100, 900, "light");
        browser.open(at(asked[1]));
        browser.evaluate("""
                document.getElementById('field-centre').value='1234';
                document.getElementById('field-from').value='2026-12-01';
                document.getElementById('field-kind').value='Used';
                document.getElementById('field-urgent').value='false';
                document.getElementById('comment').value='go on'""");
        assertThat(browser.evaluate("document.querySelector('form').checkValidity()")
                        .asBoolean())
                .isTrue();
        browser.click("button");
        assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
                .isEqualTo("This request was approved");
        assertThat(browser.evaluate("document.body.textContent").asText())
                .contains("Filled in")
                .contains("1234")
                .contains("go on");
        assertThat(api.get("/v1/executions/" + asked[0])
                        .json()
                        .at("/output/fields")
                        .toString())
                .isEqualTo("{\"centre\":1234,\"from\":\"2026-12-01\",\"kind\":\"Used\",\"urgent\":false}");
        assertThat(browser.evaluate("performance.getEntriesByType('resource').length")
                        .intValue())
                .as("requests to anybody else")
                .isZero();
    }
}
