package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;

/** One write or delete of a row. A step changes no row twice. */
public sealed interface RowChange {
    record PutExecution(ExecutionRow row) implements RowChange {}

    record PutInput(Document input) implements RowChange {}

    record DeleteInput() implements RowChange {}

    record PutFrame(FrameRow row) implements RowChange {}

    record DeleteFrame(FramePath path) implements RowChange {}

    record PutStateInput(FramePath path, Document input) implements RowChange {}

    record DeleteStateInput(FramePath path) implements RowChange {}

    record PutWait(WaitRow row) implements RowChange {}

    record DeleteWait(long ticket) implements RowChange {}

    /** Items of a Map run that no child has been given yet. */
    record PutPage(long run, int number, Document items) implements RowChange {}

    record DeletePage(long run, int number) implements RowChange {}

    record PutAnswered(String requestId, Verdict verdict) implements RowChange {}
}
