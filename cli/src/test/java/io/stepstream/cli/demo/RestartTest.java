package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.cli.dev.DevPorts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything stopped and started again on the same folder and ports. */
class RestartTest {

    @TempDir
    Path folder;

    @Test
    void anExecutionThatWaitedIsStillThereAndItsOldLinkStillWorks() throws Exception {
        DevPorts ports;
        ApprovalLetter.Links links;
        try (var scene = Scene.on(folder.resolve("data"), DevPorts.FREE)) {
            // Stops as soon as the mail is there, as a person does who presses Ctrl-C.
            boolean succeeded = scene.demo.play(
                    ApprovalDemo.Answer.BY_A_PERSON,
                    Optional.empty(),
                    time -> scene.demo.mails().await(mail -> true, time).isPresent());
            assertThat(succeeded).isFalse();
            assertThat(scene.told()).contains("its links still work");
            links = ApprovalLetter.Links.in(scene.demo.mails().mails().getFirst())
                    .orElseThrow();
            ports = new DevPorts(scene.stack.gateway().getPort(), 0, 0);
        }

        try (var scene = Scene.on(folder.resolve("data"), ports)) {
            var decided = new AtomicBoolean();
            boolean succeeded = scene.demo.play(ApprovalDemo.Answer.BY_A_PERSON, Optional.empty(), time -> {
                if (scene.told().contains(links.approve().toString()) && decided.compareAndSet(false, true)) {
                    scene.gateway.decide(links.approve(), "after the restart");
                }
                return false;
            });
            assertThat(succeeded).isTrue();
            assertThat(scene.told()).contains("still there from before", "after the restart", "SUCCEEDED");
        }
    }
}
