package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.http.ApiException;
import org.junit.jupiter.api.Test;

class FormTest {

    @Test
    void readsFieldsAsBrowsersSendThem() throws Exception {
        var form = Form.parse("comment=a%26b+c%0D%0Ad&name=%C5%BDofie&x=&comment=second");
        assertThat(form.field("comment", 100)).isEqualTo("a&b c\nd");
        assertThat(form.field("name", 100)).isEqualTo("Žofie");
        assertThat(form.field("missing", 100)).isEmpty();
    }

    @Test
    void cutsAFieldBetweenCharacters() throws Exception {
        assertThat(Form.parse("c=%F0%9F%90%8E%F0%9F%90%8E").field("c", 1)).isEqualTo("🐎");
    }

    @Test
    void refusesWhatIsNoForm() {
        assertThatThrownBy(() -> Form.parse("a=%zz")).isInstanceOf(ApiException.class);
    }
}
