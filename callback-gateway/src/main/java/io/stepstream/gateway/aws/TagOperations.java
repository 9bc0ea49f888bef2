package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.Tags;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations on tags. */
final class TagOperations {
    private static final int KEY = 128;
    private static final int VALUE = 256;

    private final Tags tags;

    TagOperations(Tags tags) {
        this.tags = tags;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "TagResource", returning(this::tag),
                "UntagResource", returning(this::untag),
                "ListTagsForResource", returning(this::list));
    }

    /** The tags of a request. */
    static Map<String, String> tags(AwsParameters parameters) throws ApiException {
        var tags = new HashMap<String, String>();
        for (var tag : parameters.structures("tags")) {
            tags.put(tag.required("key", KEY), tag.optional("value", 0, VALUE).orElse(""));
        }
        return tags;
    }

    private ObjectNode tag(AwsParameters parameters, Sender sender) throws ApiException {
        tags.change(sender, parameters.required("resourceArn"), tags(parameters), List.of());
        return Json.object();
    }

    private ObjectNode untag(AwsParameters parameters, Sender sender) throws ApiException {
        tags.change(sender, parameters.required("resourceArn"), Map.of(), parameters.strings("tagKeys", KEY));
        return Json.object();
    }

    private ObjectNode list(AwsParameters parameters, Sender sender) throws ApiException {
        var output = Json.object();
        var shown = output.putArray("tags");
        tags.of(parameters.required("resourceArn"))
                .forEach((key, value) -> shown.addObject().put("key", key).put("value", value));
        return output;
    }
}
