package io.stepstream.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that a request violates is told together, wherever it is. */
class ConstraintsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            TagResource             | {'tags':[{'key':'a','value':'b'},{'key':'','value':'b'}]} | 2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null; Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1
            CreateActivity          | {'name':'n','encryptionConfiguration':{'kmsDataKeyReusePeriodSeconds':1}} | 2 validation errors detected: Value null at 'encryptionConfiguration.type' failed to satisfy constraint: Member must not be null; Value '1' at 'encryptionConfiguration.kmsDataKeyReusePeriodSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60
            UpdateStateMachine      | {'stateMachineArn':'a','loggingConfiguration':{'level':'SOME','destinations':[{'cloudWatchLogsLogGroup':{'logGroupArn':''}}]}} | 2 validation errors detected: Value 'SOME' at 'loggingConfiguration.level' failed to satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL, OFF]; Value '' at 'loggingConfiguration.destinations.1.member.cloudWatchLogsLogGroup.logGroupArn' failed to satisfy constraint: Member must have length greater than or equal to 1
            UpdateStateMachineAlias | {'stateMachineAliasArn':'a','routingConfiguration':[{'weight':101}]} | 2 validation errors detected: Value null at 'routingConfiguration.1.member.stateMachineVersionArn' failed to satisfy constraint: Member must not be null; Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100
            TestState               | {'definition':'d','mock':{'fieldValidationMode':'SOME'}} | 1 validation error detected: Value 'SOME' at 'mock.fieldValidationMode' failed to satisfy constraint: Member must satisfy enum value set: [STRICT, PRESENT, NONE]
            """)
    void namesMembersOfStructuresByTheirPath(String operation, String input, String message) throws Exception {
        var members = (ObjectNode) JSON.readTree(input.replace('\'', '"'));
        assertThat(assertThrows(ApiException.class, () -> Constraints.check(operation, members)))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            TagResource             | {'resourceArn':'a','tags':[{'key':'a'}]}
            TagResource             | {'resourceArn':'a','tags':'none'}
            UpdateStateMachineAlias | {'stateMachineAliasArn':'a','routingConfiguration':[{'stateMachineVersionArn':'v','weight':0}]}
            """)
    void leavesToTheReaderWhatIsNoConstraint(String operation, String input) throws Exception {
        Constraints.check(operation, (ObjectNode) JSON.readTree(input.replace('\'', '"')));
    }
}
