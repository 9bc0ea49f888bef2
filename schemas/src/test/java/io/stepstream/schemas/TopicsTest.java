package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    @Test
    void a_task_has_a_topic_and_a_group_of_one_name() {
        assertThat(Topics.taskRequests("send-mail_2")).isEqualTo("stepstream.task-requests.send-mail_2");
        assertThat(Topics.workerGroup("send-mail_2")).isEqualTo("stepstream.task-requests.send-mail_2");
    }

    @ParameterizedTest
    @CsvSource({"orders.fifo, orders.2efifo", "a/b, a.2fb", "é, .c3.a9", "..2e, .2e.2e2e", "😀, .f0.9f.98.80"})
    void any_visible_name_has_a_topic_of_its_own(String name, String topic) {
        assertThat(Topics.taskRequests(name)).isEqualTo("stepstream.task-requests." + topic);
        assertThat(Topics.taskName(Topics.taskRequests(name))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\n", "\u0007", "\ud83d"})
    void what_is_no_task_name_gets_no_topic(String name) {
        assertThat(Topics.isTaskName(name)).isFalse();
        assertThatThrownBy(() -> Topics.taskRequests(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not \"" + name + "\"");
    }

    @Test
    void a_task_name_has_at_most_80_characters() {
        assertThat(Topics.isTaskName("x".repeat(80))).isTrue();
        assertThat(Topics.isTaskName("x".repeat(81))).isFalse();
        assertThat(Topics.isTaskName(".".repeat(66))).isTrue();
        assertThat(Topics.isTaskName(".".repeat(67))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "stepstream.commands, stepstream.commands-value",
        "stepstream.history, stepstream.history-value",
        "stepstream.task-requests.mail, stepstream.task-requests-value",
        "stepstream.task-requests.charge, stepstream.task-requests-value"
    })
    void task_topics_share_a_subject(String topic, String subject) {
        assertThat(Topics.subject(topic)).isEqualTo(subject);
    }

    /** The numbers are fixed: a record in another partition than its execution's rows is lost to it. */
    @ParameterizedTest
    @CsvSource({
        "00000000000000000000000000000000, 8, 1",
        "0123456789abcdef0123456789abcdef, 8, 1",
        "ffffffffffffffffffffffffffffffff, 12, 11"
    })
    void partitions_are_those_of_kafkas_own_producer(String key, int partitions, int partition) {
        assertThat(Topics.partitionOf(key, partitions))
                .isEqualTo(partition)
                .isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), partitions));
    }

    @Test
    void the_worst_legal_record_fits_its_topic_and_a_dead_letter_holds_it() {
        int output = 512 * 1024;
        int payload = 256 * 1024;
        assertThat(Topics.MAX_RECORD_BYTES).isGreaterThan(output + payload);
        assertThat(Topics.MAX_REQUEST_BYTES).isGreaterThan(Topics.MAX_RECORD_BYTES + 64 * 1024);
    }
}
