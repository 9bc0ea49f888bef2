package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "arn:aws:lambda:us-east-1:1:function:f | {} | f | false",
                "arn:aws:lambda:us-east-1:1:function:f:$LATEST | {} | f | false",
                "arn:aws:states:us-east-1:1:activity:a | {} | a | false",
                "arn:aws:states:::lambda:invoke | {\"FunctionName\":\"f\"} | f | false",
                "arn:aws:states:::lambda:invoke | {\"FunctionName\":\"f:7\"} | f | false",
                "arn:aws:states:::lambda:invoke | {\"FunctionName\":\"123456789012:function:f\"} | f | false",
                "arn:aws:states:::lambda:invoke.waitForTaskToken | {\"FunctionName\":\"arn:aws:lambda:x:1:function:f:p\"} | f | true",
                "arn:aws:states:::lambda:invoke | {} | `` | false",
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken | {\"QueueUrl\":\"https://sqs.x.amazonaws.com/1/q\"} | q | true",
                "arn:aws:states:::sns:publish | {\"TopicArn\":\"arn:aws:sns:x:1:t\"} | t | false",
                "arn:aws:states:::events:putEvents | {\"Entries\":[{\"EventBusName\":\"b\"}]} | b | false",
                "arn:aws:states:::aws-sdk:s3:listBuckets | {} | aws-sdk-s3-listBuckets | false",
                "arn:stepstream:kafka:::t.waitForTaskToken | {} | t | true",
                "foo:bar | {} | `` | false",
            })
    void namesTheTask(String resource, String parameters, String name, boolean awaits) {
        var read = ResourceReader.read(resource).orElseThrow();
        assertThat(read.taskName(Document.ofTrusted(parameters)))
                .isEqualTo(Optional.of(name).filter(n -> !n.isEmpty()));
        assertThat(read.awaitsCallback()).isEqualTo(awaits);
    }
}
