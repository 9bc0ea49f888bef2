package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.rows.ReleasedRows;
import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.orchestrator.views.avro.ListedExecution;
import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.orchestrator.views.avro.PendingApproval;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.TrustedRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Rows of the views as bytes and back, in Avro's single-object encoding, as the engine's rows. */
final class ViewRows {

    static {
        TrustedRecords.trust();
        ReleasedRows.readBy(IndexedStep.getDecoder(), IndexedStep.class);
        ReleasedRows.readBy(TaskState.getDecoder(), TaskState.class);
        ReleasedRows.readBy(ListedExecution.getDecoder(), ListedExecution.class);
        ReleasedRows.readBy(PendingApproval.getDecoder(), PendingApproval.class);
        ReleasedRows.readBy(MapRunRow.getDecoder(), MapRunRow.class);
    }

    private ViewRows() {}

    static byte[] bytes(IndexedStep row) {
        try {
            return array(row.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(TaskState row) {
        try {
            return array(row.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(ListedExecution row) {
        try {
            return array(row.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(PendingApproval row) {
        try {
            return array(row.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(MapRunRow row) {
        try {
            return array(row.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MapRunRow mapRun(byte[] bytes) {
        try {
            return MapRunRow.fromByteBuffer(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ListedExecution listed(byte[] bytes) {
        try {
            return ListedExecution.fromByteBuffer(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PendingApproval approval(byte[] bytes) {
        try {
            return PendingApproval.fromByteBuffer(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IndexedStep step(byte[] bytes) {
        try {
            return IndexedStep.fromByteBuffer(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TaskState task(byte[] bytes) {
        try {
            return TaskState.fromByteBuffer(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] array(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
