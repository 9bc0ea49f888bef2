package io.stepstream.gateway.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.avro.Denial;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormSchemaTest {

    private static ObjectNode json(String text) throws ApiException {
        return Json.parseObject(text.replace('\'', '"'));
    }

    private static FormSchema form(String properties) throws Exception {
        return FormSchema.parse(json("{'type':'object','properties':{%s}}".formatted(properties)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'}                              | plain          | \"plain\"   |",
                "{'type':'string','maxLength':3}                | four           |             | at most 3",
                "{'type':'string','minLength':3}                | ab             |             | at least 3",
                "{'type':'string','pattern':'^[A-Z]+$'}         | ABC            | \"ABC\"     |",
                "{'type':'string','pattern':'^[A-Z]+$'}         | abc            |             | form",
                "{'type':'string','enum':['a','b']}             | b              | \"b\"       |",
                "{'type':'string','enum':['a','b']}             | c              |             | options",
                "{'type':'string','format':'date'}              | 2026-02-28     | \"2026-02-28\" |",
                "{'type':'string','format':'date'}              | 2026-02-30     |             | date",
                "{'type':'string','format':'date'}              | +12026-02-20   |             | date",
                "{'type':'string','format':'email'}             | ada@example.org | \"ada@example.org\" |",
                "{'type':'string','format':'email'}             | ada            |             | e-mail",
                "{'type':'number','minimum':1,'maximum':2}      | 1.5            | 1.5         |",
                "{'type':'number','minimum':1,'maximum':2}      | 2.5            |             | 2 or less",
                "{'type':'number','minimum':1}                  | 0.999          |             | 1 or more",
                "{'type':'number'}                              | one            |             | number",
                "{'type':'number'}                              | 1e999999999    |             | 40 digits",
                "{'type':'integer'}                             | 7              | 7           |",
                "{'type':'integer'}                             | 7.0            | 7.0         |",
                "{'type':'integer'}                             | 7.5            |             | whole",
                "{'type':'integer'}                             | 1e-999999999   |             | 40 digits",
                "{'type':'boolean'}                             | true           | true        |",
                "{'type':'boolean'}                             | yes            |             | yes or no",
            })
    void aFieldTakesWhatItsSchemaAllows(String schema, String text, String value, String problem) throws Exception {
        var filled = form("'f':" + schema).fill(Map.of("f", text), Set.of("f"));
        if (problem == null) {
            assertThat(filled.problems()).isEmpty();
            assertThat(filled.values().get("f").toString()).isEqualTo(value);
        } else {
            assertThat(filled.problems().get("f")).contains(problem);
        }
    }

    @Test
    void whatIsNeededMustBeThere() throws Exception {
        var form = form("'a':{'type':'string'},'b':{'type':'boolean'}");
        assertThat(form.fill(Map.of("a", "  "), Set.of("a", "b")).problems()).containsOnlyKeys("a", "b");
        assertThat(form.fill(Map.of(), Set.of()).problems()).isEmpty();
        assertThat(form.fill(json("{'c':1,'a':2}"), Set.of()).problems()).containsOnlyKeys("a", "c");
    }

    @Test
    void anExpressionThatTakesTooLongDoesNotMatch() throws Exception {
        var form = form("'f':{'type':'string','pattern':'^(a+)+$'}");
        assertThat(form.fill(Map.of("f", "a".repeat(40)), Set.of()).problems()).isEmpty();
        assertThat(form.fill(Map.of("f", "a".repeat(40) + "!"), Set.of()).problems())
                .containsKey("f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'form':[]                                                      | /form",
                "'form':{'type':'array'}                                        | /form",
                "'form':{'type':'object','properties':{}}                       | /form/properties",
                "'form':{'type':'object','properties':{'a b':{'type':'string'}}} | /form/properties/a b",
                "'form':{'type':'object','properties':{'a':{'type':'object'}}}  | /form/properties/a/type",
                "'form':{'type':'object','properties':{'a':{'type':'string','const':1}}} | /form/properties/a/const",
                "'form':{'type':'object','properties':{'a':{'type':'string','format':'uri'}}} | /form/properties/a/format",
                "'form':{'type':'object','properties':{'a':{'type':'string','pattern':'('}}} | /form/properties/a/pattern",
                "'form':{'type':'object','properties':{'a':{'type':'string','enum':[1]}}} | /form/properties/a/enum",
                "'form':{'type':'object','properties':{'a':{'type':'string','maxLength':99999}}} | /form/properties/a/maxLength",
                "'form':{'type':'object','properties':{'a':{'type':'integer','minimum':'1'}}} | /form/properties/a/minimum",
                "'form':{'type':'object','properties':{'a':{'type':'integer','multipleOf':2}}} | /form/properties/a/multipleOf",
                "'form':{'type':'object','additionalProperties':false,'properties':{'a':{'type':'string'}}} | /form/additionalProperties",
                "'form':{'type':'object','required':['b'],'properties':{'a':{'type':'string'}}} | /form/required",
                "'title':1                                                      | /title",
                "'show':'all'                                                   | /show",
                "'onDenied':'MAYBE'                                             | /onDenied",
                "'fourEyes':'yes'                                               | /fourEyes",
                "'fourEyed':true                                                | /fourEyed",
            })
    void whatIsOutsideTheSubsetIsRefusedWithItsPlace(String member, String path) throws Exception {
        var input = json("{'approval':{%s}}".formatted(member));
        assertThatThrownBy(() -> ApprovalSpec.of(input))
                .isInstanceOfSatisfying(
                        InvalidApproval.class, e -> assertThat(e.path()).isEqualTo(path));
    }

    @Test
    void anInputSaysNothingOrAllOfIt() throws Exception {
        assertThat(ApprovalSpec.of(json("{'a':1}"))).isEqualTo(ApprovalSpec.NONE);
        assertThat(ApprovalSpec.of(Json.parse("[1]", ApiError.MALFORMED))).isEqualTo(ApprovalSpec.NONE);
        var spec = ApprovalSpec.of(json(
                "{'approval':{'title':'T','requestedBy':'ines','show':{'a':1},'onDenied':'FAIL','fourEyes':true}}"));
        assertThat(spec.title()).isEqualTo("T");
        assertThat(spec.requestedBy()).contains("ines");
        assertThat(spec.denial()).isEqualTo(Denial.FAILS);
        assertThat(spec.eyes()).isEqualTo(ApprovalSpec.Eyes.FOUR);
    }

    @Test
    void aDefinitionsApprovalsAreLookedAtWhereTheyAreSpeltOut() throws Exception {
        var definition = json("""
                {'StartAt':'A','States':{
                  'A':{'Type':'Task','Parameters':{'Payload':{'approval':{'onDenied':'NEVER','title.$':'$.t'}}},'Next':'B'},
                  'B':{'Type':'Parallel','Branches':[{'StartAt':'C','States':{'C':{'Type':'Task','Arguments':{'approval':{'form':{}}},'End':true}}}],'Next':'D'},
                  'D':{'Type':'Task','Parameters':{'approval':{'form':{'properties.$':'$.x'},'title':'{% $t %}'}},'Next':'E'},
                  'E':{'Type':'Map','ItemProcessor':{'StartAt':'F','States':{'F':{'Type':'Task','Parameters':{'Payload':{'approval':{'colour':1}}},'End':true}}},'End':true}}}""");
        assertThat(DefinitionApprovals.findings(definition))
                .extracting(io.stepstream.asl.definition.Finding::path)
                .containsExactly(
                        "/States/A/Parameters/Payload/approval/onDenied",
                        "/States/B/Branches/0/States/C/Arguments/approval/form",
                        "/States/E/ItemProcessor/States/F/Parameters/Payload/approval/colour");
    }
}
