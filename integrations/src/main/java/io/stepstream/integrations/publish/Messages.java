package io.stepstream.integrations.publish;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the parameters of {@code sqs:sendMessage}, {@code sns:publish} and {@code events:putEvents}. */
sealed interface Messages {

    /** A record to be. */
    record Message(Optional<String> key, String value, Map<String, String> headers) {}

    /** What is to be sent, in this order. */
    List<Message> messages();

    record ToQueue(Message message) implements Messages {
        @Override
        public List<Message> messages() {
            return List.of(message);
        }
    }

    record ToTopic(Message message) implements Messages {
        @Override
        public List<Message> messages() {
            return List.of(message);
        }
    }

    record ToBus(List<Message> messages) implements Messages {}

    /** @throws IllegalArgumentException if the parameters are of none of the three */
    static Messages of(JsonNode parameters) {
        if (parameters.has("MessageBody")) {
            var message = new Message(
                    text(parameters, "MessageGroupId"),
                    body(parameters.get("MessageBody")),
                    attributes(parameters.path("MessageAttributes")));
            return new ToQueue(message);
        }
        if (parameters.has("Message")) {
            var headers = attributes(parameters.path("MessageAttributes"));
            text(parameters, "Subject").ifPresent(subject -> headers.put("Subject", subject));
            return new ToTopic(
                    new Message(text(parameters, "MessageGroupId"), body(parameters.get("Message")), headers));
        }
        if (parameters.path("Entries").isArray() && !parameters.get("Entries").isEmpty()) {
            List<Message> messages = new ArrayList<>();
            for (JsonNode entry : parameters.get("Entries")) {
                Map<String, String> headers = new LinkedHashMap<>();
                text(entry, "Source").ifPresent(source -> headers.put("Source", source));
                text(entry, "DetailType").ifPresent(type -> headers.put("DetailType", type));
                messages.add(new Message(Optional.empty(), body(entry.path("Detail")), headers));
            }
            return new ToBus(messages);
        }
        throw new IllegalArgumentException("the parameters have neither MessageBody (sqs:sendMessage), nor Message"
                + " (sns:publish), nor Entries (events:putEvents)");
    }

    /** AWS's services take text; the integration writes anything else as JSON. */
    private static String body(JsonNode body) {
        return body.isTextual() ? body.asText() : body.toString();
    }

    private static Map<String, String> attributes(JsonNode attributes) {
        Map<String, String> headers = new LinkedHashMap<>();
        attributes.properties().forEach(attribute -> {
            var value = attribute.getValue().path("StringValue");
            headers.put(
                    attribute.getKey(),
                    value.isTextual() ? value.asText() : attribute.getValue().toString());
        });
        return headers;
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
}
