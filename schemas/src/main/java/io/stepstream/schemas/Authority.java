package io.stepstream.schemas;

/** What the holder of a verified text may do to a task: anything, with its token; one decision, with an approval link. */
public sealed interface Authority permits TaskToken, ApprovalLink {

    /** The task. */
    TaskToken token();
}
