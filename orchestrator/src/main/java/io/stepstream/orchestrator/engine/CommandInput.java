package io.stepstream.orchestrator.engine;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.execution.Command;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.DeleteActivity;
import io.stepstream.schemas.avro.DeleteAlias;
import io.stepstream.schemas.avro.DeleteStateMachine;
import io.stepstream.schemas.avro.DeleteVersion;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.PauseExecution;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.PublishVersion;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PutAlias;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.RegisterTask;
import io.stepstream.schemas.avro.ResumeExecution;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.UpdateMapRun;
import io.stepstream.schemas.avro.UpdateStateMachine;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;

/** The topic of commands: what clients ask of the engine. */
final class CommandInput {
    private final EngineSettings settings;
    private final RecordCodec codec;
    private final int partitions;
    private final Definitions definitions;
    private final Executions executions;
    private final Purges purges;
    private final Resources resources;
    private final Activities activities;
    private final TaskLimits taskLimits;
    private final Postponed postponed;
    private final Outbox outbox;
    private final DeadLetters deadLetters;
    private final Supplier<Instant> wallClock;

    CommandInput(
            EngineSettings settings,
            Definitions definitions,
            Executions executions,
            Purges purges,
            Resources resources,
            Activities activities,
            TaskLimits taskLimits,
            Postponed postponed,
            Outbox outbox,
            DeadLetters deadLetters,
            Supplier<Instant> wallClock) {
        this.settings = settings;
        this.codec = settings.codec();
        this.partitions = settings.partitions();
        this.definitions = definitions;
        this.executions = executions;
        this.purges = purges;
        this.resources = resources;
        this.activities = activities;
        this.taskLimits = taskLimits;
        this.postponed = postponed;
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.wallClock = wallClock;
    }

    /** Handles a command from the topic. */
    void accept(Delivery delivery) throws NotYet {
        accept(delivery, Attempt.first(wallClock.get()));
    }

    /** Handles a command that was postponed. */
    void accept(Delivery delivery, Attempt attempt) throws NotYet {
        io.stepstream.schemas.avro.Command command;
        try {
            command = codec.decode(delivery.value().get(), io.stepstream.schemas.avro.Command.class);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of a command: " + e.getMessage(), e);
        } catch (Undecodable e) {
            deadLetters.give(delivery, "MalformedCommand", String.valueOf(e.getMessage()), wallClock.get());
            return;
        }
        var caller = command.getCaller();
        if (isTooLong(delivery, caller, (SpecificRecord) command.getBody())) {
            return;
        }
        var subject = subject(command.getBody());
        var key = isAboutExecution(command.getBody()) ? Arns.executionId(subject) : subject;
        if (!delivery.keyText().equals(key) || Topics.partitionOf(key, partitions) != delivery.partition()) {
            misrouted(delivery, caller, subject, key);
            return;
        }
        var again = switch (command.getBody()) {
            case StartExecution start -> start(delivery, start, caller, attempt);
            case StopExecution stop -> {
                var asked =
                        new Command.Stop(Optional.ofNullable(stop.getError()), Optional.ofNullable(stop.getCause()));
                executions.handle(key, asked, Origin.of(delivery, caller));
                yield false;
            }
            case PauseExecution _ -> {
                executions.handle(key, new Command.Pause(caller.getPrincipal()), Origin.of(delivery, caller));
                yield false;
            }
            case ResumeExecution _ -> {
                executions.handle(key, new Command.Resume(), Origin.of(delivery, caller));
                yield false;
            }
            case RedriveExecution _ -> {
                executions.handle(key, new Command.Redrive(), Origin.of(delivery, caller));
                yield false;
            }
            case UpdateMapRun update -> {
                executions.handle(key, update(update), Origin.of(delivery, caller));
                yield false;
            }
            case PurgeExecution purge -> {
                purges.purge(purge, Origin.of(delivery, caller));
                yield false;
            }
            default -> resource(command.getBody(), caller, subject, attempt);
        };
        if (again) {
            postponed.add(delivery, key.startsWith("arn:") ? Arns.executionId(key) : key, attempt);
        }
    }

    private boolean isTooLong(Delivery delivery, Caller caller, SpecificRecord body) {
        var now = wallClock.get();
        var ofCaller = ClientTexts.tooLong(caller);
        var ofBody = ClientTexts.tooLong(body);
        // Nobody can be told by a name that is too long itself, and nothing can be said about one.
        ofCaller.or(() -> ofBody).ifPresent(reason -> deadLetters.give(delivery, "VALIDATION", reason, now));
        if (ofCaller.isEmpty()) {
            ofBody.ifPresent(reason -> outbox.refused(caller, delivery.keyText(), "VALIDATION", reason, now));
        }
        return ofCaller.or(() -> ofBody).isPresent();
    }

    /** A command about a state machine or an activity; whether it is to be tried again. */
    private boolean resource(Object body, Caller caller, String subject, Attempt attempt) throws NotYet {
        switch (body) {
            case CreateStateMachine create -> {
                return resources.create(create, caller, attempt);
            }
            case UpdateStateMachine update -> {
                return resources.update(update, caller, attempt);
            }
            case CreateActivity create -> {
                return activities.create(create, caller, attempt);
            }
            case RegisterTask register -> {
                return activities.register(register, caller, subject, attempt);
            }
            case PauseStateMachine pause -> resources.pause(pause, caller);
            case ResumeStateMachine resume -> resources.resume(resume, caller);
            case LimitStateMachine limit -> resources.limit(limit, caller);
            case LimitTask limit -> taskLimits.limit(limit, caller);
            case DeleteStateMachine delete -> resources.delete(delete, caller);
            case PublishVersion publish -> resources.publish(publish, caller);
            case DeleteVersion delete -> resources.deleteVersion(delete, caller);
            case PutAlias put -> resources.putAlias(put, caller);
            case DeleteAlias delete -> resources.deleteAlias(delete, caller);
            case DeleteActivity delete -> activities.delete(delete, caller);
            case ChangeTags change -> {
                if (StatesArn.parse(subject).orElse(null) instanceof StatesArn.Activity) {
                    activities.changeTags(change, caller);
                } else {
                    resources.changeTags(change, caller);
                }
            }
            default -> throw new IllegalStateException("a command of an unknown kind: " + body);
        }
        return false;
    }

    private static Command update(UpdateMapRun update) {
        return new Command.UpdateMapRun(
                update.getTicket(),
                update.getMapRunArn(),
                Optional.ofNullable(update.getMaxConcurrency()).map(Integer::longValue),
                Optional.ofNullable(update.getToleratedFailureCount()),
                Optional.ofNullable(update.getToleratedFailurePercentage()));
    }

    private static boolean isAboutExecution(Object body) {
        return body instanceof StartExecution
                || body instanceof StopExecution
                || body instanceof RedriveExecution
                || body instanceof PauseExecution
                || body instanceof ResumeExecution
                || body instanceof UpdateMapRun
                || body instanceof PurgeExecution;
    }

    private static String subject(Object body) {
        return switch (body) {
            case PurgeExecution purge -> purge.getExecutionArn();
            case StartExecution start -> start.getExecutionArn();
            case StopExecution stop -> stop.getExecutionArn();
            case RedriveExecution redrive -> redrive.getExecutionArn();
            case PauseExecution pause -> pause.getExecutionArn();
            case ResumeExecution resume -> resume.getExecutionArn();
            case PauseStateMachine pause -> pause.getStateMachineArn();
            case ResumeStateMachine resume -> resume.getStateMachineArn();
            case UpdateMapRun update -> update.getExecutionArn();
            case CreateStateMachine create -> create.getStateMachineArn();
            case UpdateStateMachine update -> update.getStateMachineArn();
            case DeleteStateMachine delete -> delete.getStateMachineArn();
            case PublishVersion publish -> publish.getStateMachineArn();
            case DeleteVersion delete -> delete.getStateMachineArn();
            case PutAlias put -> put.getStateMachineArn();
            case DeleteAlias delete -> delete.getStateMachineArn();
            case CreateActivity create -> create.getActivityArn();
            case DeleteActivity delete -> delete.getActivityArn();
            case ChangeTags change -> change.getResourceArn();
            case LimitStateMachine limit -> limit.getStateMachineArn();
            case LimitTask limit -> LimitKeys.task(limit.getName());
            case RegisterTask register -> Arns.DEFAULT.activity(register.getName());
            default -> throw new IllegalStateException("a command of an unknown kind: " + body);
        };
    }

    private void misrouted(Delivery delivery, Caller caller, String subject, String key) {
        var reason = "the command is about " + subject + ", so its key must be " + key + " and its partition "
                + Topics.partitionOf(key, partitions) + "; it came with key " + delivery.keyText() + " in partition "
                + delivery.partition() + ". Use the murmur2 partitioner of Kafka's own producer";
        var now = wallClock.get();
        deadLetters.give(delivery, key, "MisroutedCommand", reason, now);
        outbox.refused(caller, subject, "VALIDATION", reason, now);
    }

    /** Whether it is to be tried again, because the revision is not there yet. */
    private boolean start(Delivery delivery, StartExecution start, Caller caller, Attempt attempt) throws NotYet {
        var id = Arns.executionId(start.getExecutionArn());
        var found = executions.find(id);
        var identity = found.identity();
        if (identity.isEmpty()) {
            identity = definitions
                    .revision(start.getStateMachineArn(), start.getRevision())
                    .map(revision -> revision.identity(start));
        }
        var now = wallClock.get();
        if (identity.isEmpty()) {
            if (attempt.isLast(now)) {
                var reason = "no revision " + start.getRevision() + " of " + start.getStateMachineArn()
                        + " was deployed within 10 s of this start";
                outbox.refused(caller, start.getStateMachineArn(), "STATE_MACHINE_DOES_NOT_EXIST", reason, now);
                return false;
            }
            return true;
        }
        try {
            var input = Document.parse(Payloads.json(start.getInput()));
            if (input.bytes() > settings.limits().payloadBytes()) {
                var reason = "the input has " + input.bytes() + " bytes; at most "
                        + settings.limits().payloadBytes() + " are taken";
                outbox.refused(caller, start.getExecutionArn(), "INVALID_EXECUTION_INPUT", reason, now);
                return false;
            }
            executions.handle(found, new Command.Start(identity.get(), input), Origin.of(delivery, caller));
        } catch (MalformedJson e) {
            deadLetters.give(delivery, "MalformedInput", "the input is not JSON: " + e.getMessage(), now);
            outbox.refused(
                    caller, start.getExecutionArn(), "INVALID_EXECUTION_INPUT", String.valueOf(e.getMessage()), now);
        }
        return false;
    }
}
