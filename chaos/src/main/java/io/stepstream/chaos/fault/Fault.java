package io.stepstream.chaos.fault;

/** What can happen to an installation. */
public enum Fault {
    ENGINE_KILLED("engine killed"),
    ENGINE_PAUSED("engine paused past its session"),
    ENGINE_REMOVED("engine removed and added"),
    DISK_EMPTIED("disk emptied"),
    BROKER_KILLED("broker killed"),
    BROKER_PAUSED("broker paused"),
    WORKER_KILLED("worker killed"),
    REGISTRY_AWAY("registry away");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    /** In words. */
    public String text() {
        return text;
    }
}
