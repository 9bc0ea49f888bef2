package io.stepstream.worker;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.RecordCodec;

/**
 * How requests of one name are served.
 *
 * @param handler takes what {@code inputType} says
 * @param deliveryLimit how often a request is delivered at most; the last time its task is failed
 */
record Service(
        JavaType inputType,
        TaskHandler<Object> handler,
        ObjectMapper json,
        RecordCodec codec,
        Answers answers,
        Heart heart,
        Observers observers,
        int deliveryLimit) {}
