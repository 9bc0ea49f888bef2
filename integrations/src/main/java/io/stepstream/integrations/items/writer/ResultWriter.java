package io.stepstream.integrations.items.writer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.request.Fields;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoreFailure;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.util.Map;

/**
 * Writes a Map Run's results into a bucket, part by part, and at the end a manifest of all its files. Whatever is asked twice is
 * written twice, the same.
 */
public final class ResultWriter implements TaskHandler<JsonNode> {

    /** The task's registered name. */
    public static final String TASK_NAME = "stepstream-result-writer";

    /** The error's name in the Amazon States Language. */
    private static final String ERROR = "States.ResultWriterFailed";

    private static final String PUT_OBJECT = "arn:aws:states:::s3:putObject";

    private final ObjectStore store;

    public ResultWriter(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Object handle(JsonNode request, TaskContext task) throws TaskError {
        return write(request);
    }

    /** Writes a part or, asked to finish, the manifest. */
    JsonNode write(JsonNode json) throws TaskError {
        try {
            Fields request = Fields.of(json);
            String resource = request.text("resource");
            if (!resource.equals(PUT_OBJECT)) {
                throw new TaskError(
                        ERROR, "ResultWriter.Resource \"" + resource + "\" is not known; use " + PUT_OBJECT);
            }
            MapRunFolder folder = MapRunFolder.of(request);
            if (request.optional("finish").isPresent()) {
                return finish(folder);
            }
            return part(folder, request);
        } catch (Fields.Invalid e) {
            throw new TaskError(ERROR, "The result writer cannot be asked so: " + e.getMessage(), e);
        } catch (StoreFailure e) {
            throw new TaskError(ERROR, String.valueOf(e.getMessage()), e);
        }
    }

    private JsonNode part(MapRunFolder folder, Fields request) throws Fields.Invalid, StoreFailure {
        ResultFormat format = ResultFormat.of(request.object("writerConfig"));
        JsonNode results = request.optional("results")
                .filter(JsonNode::isArray)
                .orElseThrow(
                        () -> request.missing("results", "an array of executions, or have the field finish instead"));
        long part = request.optionalWhole("part").orElse(-1);
        if (part < 0) {
            throw request.missing("part", "a whole number from 0");
        }
        for (Map.Entry<ResultStatus, byte[]> file : format.files(results).entrySet()) {
            store.write(folder.part(file.getKey(), part, format), file.getValue(), format.contentType());
        }
        return JsonNodeFactory.instance.objectNode().put("written", results.size());
    }

    private JsonNode finish(MapRunFolder folder) throws StoreFailure {
        ObjectAddress manifest = folder.manifest();
        store.write(manifest, ResultManifest.of(store, folder).json(), "application/json");
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("MapRunArn", folder.mapRunArn());
        answer.putObject("ResultWriterDetails").put("Bucket", manifest.bucket()).put("Key", manifest.key());
        return answer;
    }
}
