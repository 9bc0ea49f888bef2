package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.engine.Change.Refusal;
import io.stepstream.schemas.avro.Alias;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.DeleteAlias;
import io.stepstream.schemas.avro.DeleteVersion;
import io.stepstream.schemas.avro.PublishVersion;
import io.stepstream.schemas.avro.PublishedVersion;
import io.stepstream.schemas.avro.PutAlias;
import io.stepstream.schemas.avro.StateMachineResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What commands make of a state machine that exists: pure functions from what is there to what is to be there. */
final class StateMachineChanges {
    /** AWS's quotas of one state machine. */
    private static final int MOST_VERSIONS = 1000;

    private static final int MOST_ALIASES = 100;
    private static final int MOST_TAGS = 50;

    /** How a client names the revision of a state machine that has not been changed yet. */
    private static final String INITIAL = "INITIAL";

    private StateMachineChanges() {}

    static Change publish(StateMachineResource machine, PublishVersion publish, Instant now) {
        var wanted = publish.getRevisionId();
        var current = Optional.ofNullable(machine.getRevisionId()).orElse(INITIAL);
        if (wanted != null && !wanted.equals(current)) {
            return new Change.Refused(
                    Refusal.CONFLICT,
                    "Failed to publish the State Machine version for revision " + wanted
                            + ". The current State Machine revision is " + current + ".");
        }
        return publish(machine, publish.getDescription(), now);
    }

    /** Makes the current revision a version, unless it is one: a version's description is never changed. */
    static Change publish(StateMachineResource machine, @Nullable String description, Instant now) {
        var published = version(machine);
        if (published.isPresent()) {
            return new Change.Accepted(machine, published);
        }
        if (machine.getVersions().size() >= MOST_VERSIONS) {
            return new Change.Refused(
                    Refusal.SERVICE_QUOTA_EXCEEDED,
                    "A state machine has at most " + MOST_VERSIONS + " versions. Delete some that nobody needs.");
        }
        var number = machine.getNextVersion();
        var versions = new ArrayList<>(machine.getVersions());
        versions.add(new PublishedVersion(number, machine.getRevision(), machine.getRevisionId(), description, now));
        var next =
                next(machine).setVersions(versions).setNextVersion(number + 1).build();
        return new Change.Accepted(next, Optional.of(number));
    }

    /** The version that the current revision is, if it is one. */
    static Optional<Long> version(StateMachineResource machine) {
        return machine.getVersions().stream()
                .filter(version -> version.getRevision().equals(machine.getRevision())
                        && Objects.equals(version.getRevisionId(), machine.getRevisionId()))
                .map(PublishedVersion::getNumber)
                .findFirst();
    }

    static Change deleteVersion(StateMachineResource machine, DeleteVersion delete) {
        var aliases = machine.getAliases().stream()
                .filter(alias ->
                        alias.getRoutes().stream().anyMatch(route -> route.getVersion() == delete.getVersion()))
                .map(Alias::getName)
                .collect(Collectors.joining(", "));
        if (!aliases.isEmpty()) {
            return new Change.Refused(
                    Refusal.CONFLICT,
                    "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: ["
                            + aliases + "]");
        }
        var versions = machine.getVersions().stream()
                .filter(version -> version.getNumber() != delete.getVersion())
                .toList();
        return versions.size() == machine.getVersions().size()
                ? new Change.Accepted(machine, Optional.empty())
                : new Change.Accepted(next(machine).setVersions(versions).build(), Optional.empty());
    }

    static Change putAlias(StateMachineResource machine, PutAlias put, Instant now) {
        var known = machine.getAliases().stream()
                .filter(alias -> alias.getName().equals(put.getName()))
                .findFirst();
        var missing = put.getRoutes().stream()
                .filter(route ->
                        machine.getVersions().stream().noneMatch(version -> version.getNumber() == route.getVersion()))
                .findFirst();
        if (missing.isPresent()) {
            return new Change.Refused(
                    Refusal.RESOURCE_NOT_FOUND,
                    machine.getStateMachineArn() + ":" + missing.get().getVersion());
        }
        return switch (put.getMode()) {
            case CREATE -> create(machine, known, put, now);
            case UPDATE ->
                known.map(alias -> update(machine, alias, put, now))
                        .orElseGet(() -> new Change.Refused(
                                Refusal.RESOURCE_NOT_FOUND, machine.getStateMachineArn() + ":" + put.getName()));
        };
    }

    private static Change create(StateMachineResource machine, Optional<Alias> known, PutAlias put, Instant now) {
        if (known.isPresent()) {
            var same = known.get().getRoutes().equals(put.getRoutes())
                    && Objects.equals(known.get().getDescription(), put.getDescription());
            return same
                    ? new Change.Accepted(machine, Optional.empty())
                    : new Change.Refused(
                            Refusal.CONFLICT,
                            "Failed to create alias because an alias with the same name and a different routing configuration already exists.");
        }
        if (machine.getAliases().size() >= MOST_ALIASES) {
            return new Change.Refused(
                    Refusal.SERVICE_QUOTA_EXCEEDED,
                    "A state machine has at most " + MOST_ALIASES + " aliases. Delete some that nobody needs.");
        }
        var aliases = new ArrayList<>(machine.getAliases());
        aliases.add(new Alias(put.getName(), put.getDescription(), put.getRoutes(), now, now));
        return new Change.Accepted(next(machine).setAliases(aliases).build(), Optional.empty());
    }

    private static Change update(StateMachineResource machine, Alias known, PutAlias put, Instant now) {
        var changed = Alias.newBuilder(known)
                .setDescription(Optional.ofNullable(put.getDescription()).orElse(known.getDescription()))
                .setRoutes(put.getRoutes().isEmpty() ? known.getRoutes() : put.getRoutes())
                .setUpdatedAt(now)
                .build();
        var aliases = machine.getAliases().stream()
                .map(alias -> alias.getName().equals(known.getName()) ? changed : alias)
                .toList();
        return new Change.Accepted(next(machine).setAliases(aliases).build(), Optional.empty());
    }

    static Change deleteAlias(StateMachineResource machine, DeleteAlias delete) {
        var aliases = machine.getAliases().stream()
                .filter(alias -> !alias.getName().equals(delete.getName()))
                .toList();
        return aliases.size() == machine.getAliases().size()
                ? new Change.Accepted(machine, Optional.empty())
                : new Change.Accepted(next(machine).setAliases(aliases).build(), Optional.empty());
    }

    /** Pauses a state machine; one that is paused stays so since when it was. */
    static Change pause(StateMachineResource machine, String by, Instant now) {
        return new Change.Accepted(
                machine.getPausedAt() == null
                        ? next(machine).setPausedAt(now).setPausedBy(by).build()
                        : machine,
                Optional.empty());
    }

    static Change resume(StateMachineResource machine) {
        return new Change.Accepted(
                machine.getPausedAt() == null
                        ? machine
                        : next(machine).setPausedAt(null).setPausedBy("").build(),
                Optional.empty());
    }

    /** Keeps in mind how many executions may run at once; empty for any number. */
    static Change limit(StateMachineResource machine, Optional<Integer> max) {
        return new Change.Accepted(
                max.equals(Optional.ofNullable(machine.getMaxConcurrentExecutions()))
                        ? machine
                        : next(machine)
                                .setMaxConcurrentExecutions(max.orElse(null))
                                .build(),
                Optional.empty());
    }

    static Change changeTags(StateMachineResource machine, ChangeTags change) {
        return tagged(machine.getTags(), change)
                .<Change>map(
                        tags -> new Change.Accepted(next(machine).setTags(tags).build(), Optional.empty()))
                .orElseGet(() -> tooManyTags(machine.getStateMachineArn()));
    }

    static Change.Refused tooManyTags(String arn) {
        return new Change.Refused(Refusal.TOO_MANY_TAGS, arn);
    }

    /** The tags after a change; empty if there would be too many. */
    static Optional<Map<String, String>> tagged(Map<String, String> tags, ChangeTags change) {
        var next = new HashMap<>(tags);
        next.keySet().removeAll(change.getRemove());
        next.putAll(change.getPut());
        return areFew(next) ? Optional.of(next) : Optional.empty();
    }

    static boolean areFew(Map<String, String> tags) {
        return tags.size() <= MOST_TAGS;
    }

    static Change delete(StateMachineResource machine) {
        var deleted = next(machine)
                .setStatus(Resources.DELETING)
                .setVersions(List.of())
                .setAliases(List.of())
                .setTags(Map.of())
                .build();
        return new Change.Accepted(deleted, Optional.empty());
    }

    /** The state machine as it is, to be changed once more. */
    static StateMachineResource.Builder next(StateMachineResource machine) {
        return StateMachineResource.newBuilder(machine).setSequence(machine.getSequence() + 1);
    }
}
