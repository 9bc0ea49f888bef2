package io.stepstream.orchestrator.rows;

import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.Work;
import io.stepstream.orchestrator.rows.avro.WorkItem;
import io.stepstream.orchestrator.rows.avro.WorkKind;

/** What a step left to do, in its stored form, and back. */
final class WorkCodec {
    private WorkCodec() {}

    static WorkItem stored(Work work) {
        var path = work.path().text();
        return switch (work) {
            case Work.Run _ -> new WorkItem(WorkKind.RUN, path, 0, 0, 0, 0L);
            case Work.Wake _ -> new WorkItem(WorkKind.WAKE, path, 0, 0, 0, 0L);
            case Work.Spawn _ -> new WorkItem(WorkKind.SPAWN, path, 0, 0, 0, 0L);
            case Work.Join join -> new WorkItem(WorkKind.JOIN, path, join.next(), join.fan(), join.stride(), 0L);
            case Work.Abort abort -> new WorkItem(WorkKind.ABORT, path, abort.next(), 0, 0, 0L);
            case Work.Resume resume -> new WorkItem(WorkKind.RESUME, path, resume.next(), 0, 0, resume.because());
            case Work.Redrive _ -> new WorkItem(WorkKind.REDRIVE, path, 0, 0, 0, 0L);
            case Work.StartItems _ -> new WorkItem(WorkKind.START_ITEMS, path, 0, 0, 0, 0L);
            case Work.CancelItems cancel -> new WorkItem(WorkKind.CANCEL_ITEMS, path, cancel.next(), 0, 0, 0L);
            case Work.WriteResults _ -> new WorkItem(WorkKind.WRITE_RESULTS, path, 0, 0, 0, 0L);
        };
    }

    static Work work(WorkItem item) {
        var path = new FramePath(item.getPath());
        return switch (item.getKind()) {
            case RUN -> new Work.Run(path);
            case WAKE -> new Work.Wake(path);
            case SPAWN -> new Work.Spawn(path);
            case JOIN -> new Work.Join(path, item.getFan(), item.getStride(), item.getNext());
            case ABORT -> new Work.Abort(path, item.getNext());
            case RESUME -> new Work.Resume(path, item.getNext(), item.getBecause());
            case REDRIVE -> new Work.Redrive();
            case START_ITEMS -> new Work.StartItems(path);
            case CANCEL_ITEMS -> new Work.CancelItems(path, item.getNext());
            case WRITE_RESULTS -> new Work.WriteResults(path);
        };
    }
}
