package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.MapExpression;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fields of one state that read differently in the two query languages. Each is asked for once: findings are made then. */
sealed interface StateLanguage permits JsonPathState, JsonataState {

    /** The query languages, by their names in a definition. */
    enum QueryLanguage {
        JSON_PATH("JSONPath"),
        JSONATA("JSONata");

        private final String fieldValue;

        QueryLanguage(String fieldValue) {
            this.fieldValue = fieldValue;
        }

        /** The one named; JSONPath for what names none. */
        static QueryLanguage named(String fieldValue) {
            return fieldValue.equals(JSONATA.fieldValue) ? JSONATA : JSON_PATH;
        }

        StateLanguage of(StateType type, FieldReader fields) {
            return switch (this) {
                case JSON_PATH -> new JsonPathState(type, fields);
                case JSONATA -> new JsonataState(type, fields);
            };
        }

        @Override
        public String toString() {
            return fieldValue;
        }
    }

    DataFlow flow();

    Optional<Expression<Long>> taskSeconds(String field);

    Optional<State.Until> until();

    Optional<Expression<String>> failText(String field);

    Optional<Expression<Document>> credentials();

    List<State.ChoiceRule> choiceRules(JsonNode choices);

    /** What a Map state goes over. */
    Expression<Document> items(MapExpression.Items allowed);

    /** A template in this object, which is the state or lies in it. */
    Optional<Expression<Document>> template(FieldReader object, String field);

    Optional<Expression<Long>> maxConcurrency();

    /** A count, possibly 0, in this object, which is the state or lies in it. */
    Optional<Expression<Long>> count(FieldReader object, String field);

    Optional<Expression<Double>> percentage(String field);

    Optional<Expression<Long>> maxItems(FieldReader readerConfig);

    /** The fields a catcher has besides those of every catcher. */
    Set<String> catcherFields();

    DataFlow catcherFlow(FieldReader catcher);
}
