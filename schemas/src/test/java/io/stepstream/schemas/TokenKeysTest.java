package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Caveats.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeysTest {

    private static final String SECRET_1 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String SECRET_2 = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
    private static final TokenKeys KEYS = keys("1:" + SECRET_1);
    private static final TaskToken TOKEN = new TaskToken("0123456789abcdef0123456789abcdef", 42, "fedcba9876543210");
    private static final Caveats CAVEATS = new Caveats(
            Decision.APPROVED, Optional.of(Instant.parse("2027-01-01T00:00:00Z")), Optional.of("ada@example.org"));

    /** Made once with another HMAC implementation (Python's): tokens that are out in mails must stay good. */
    @Test
    void keysOfOneTextAreThoseOfAFilesLines() throws Exception {
        var first = "1:" + "A".repeat(43);
        var second = "2:" + "B".repeat(42) + "A";
        var old = TokenKeys.ofText(first, "the variable");
        var token = new TaskToken("0".repeat(32), 1, "0".repeat(16));
        var rotated = TokenKeys.ofText(first + ", " + second, "the variable");
        assertThat(rotated.verify(old.sign(token))).isEqualTo(token);
        assertThat(TokenKeys.ofText(second, "the variable").verify(rotated.sign(token)))
                .isEqualTo(token);
        assertThatThrownBy(() -> TokenKeys.ofText(first + ",3:short", "the variable"))
                .hasMessageContaining("the variable")
                .hasMessageNotContaining("short");
    }

    @Test
    void the_bytes_of_a_token_are_these() throws Exception {
        String text = "AQEBI0VniavN7wEjRWeJq83vAAAAAAAAACr-3LqYdlQyEMSIh7OwyZMn-df7GHzXxsU";
        assertThat(KEYS.sign(TOKEN)).isEqualTo(text).hasSizeLessThanOrEqualTo(100);
        assertThat(KEYS.verify(text)).isEqualTo(TOKEN);
    }

    @Test
    void the_bytes_of_a_link_are_these() throws Exception {
        String text =
                "AgEBI0VniavN7wEjRWeJq83vAAAAAAAAACr-3LqYdlQyEAEAAAGizovUAA9hZGFAZXhhbXBsZS5vcmfAgZL47GDgNCkKSp_ES7e6";
        assertThat(ApprovalLink.make(KEYS.sign(TOKEN), CAVEATS)).isEqualTo(text);
        assertThat(KEYS.verifyLink(text)).isEqualTo(new ApprovalLink(TOKEN, CAVEATS));
    }

    static Stream<String> texts() {
        String token = KEYS.sign(TOKEN);
        Caveats bare = new Caveats(Decision.DENIED, Optional.empty(), Optional.empty());
        return Stream.of(token, ApprovalLink.make(token, CAVEATS), ApprovalLink.make(token, bare));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void any_flipped_bit_is_refused(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(TokenFormat.text(flipped));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void any_other_character_anywhere_is_refused(String text) {
        for (int i = 0; i < text.length(); i++) {
            for (char c : "ABab01-_=+/% \u00e9\u0000".toCharArray()) {
                if (text.charAt(i) != c) {
                    refused(text.substring(0, i) + c + text.substring(i + 1));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void a_part_of_it_or_more_than_it_is_refused(String text) {
        for (int length = 0; length < text.length(); length++) {
            refused(text.substring(0, length));
        }
        refused(text + "A");
        refused(text + "=");
        refused(text + "A".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void a_foreign_key_of_the_same_id_or_another_is_refused(String text) {
        assertThatThrownBy(() -> keys("1:" + SECRET_2).verifyAny(text))
                .isInstanceOf(InvalidToken.class)
                .hasMessage("Its signature is wrong");
        assertThatThrownBy(() -> keys("2:" + SECRET_1).verifyAny(text))
                .isInstanceOf(InvalidToken.class)
                .hasMessage("It is signed with a key that is not, or no more, in use here: 1");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void a_key_that_was_rotated_out_of_signing_still_verifies(String text) throws Exception {
        TokenKeys rotated = keys("1:" + SECRET_1, "2:" + SECRET_2);
        assertThat(rotated.verifyAny(text).token()).isEqualTo(TOKEN);
        assertThat(rotated.sign(TOKEN)).isNotEqualTo(KEYS.sign(TOKEN));
        assertThat(keys("2:" + SECRET_2).verify(rotated.sign(TOKEN))).isEqualTo(TOKEN);
    }

    /** Every way to make a token's text out of the bytes of a link, cut and joined anywhere. */
    @Test
    void the_token_cannot_be_had_from_a_link() {
        byte[] link = Base64.getUrlDecoder().decode(ApprovalLink.make(KEYS.sign(TOKEN), CAVEATS));
        String tokenMac = HexFormat.of()
                .formatHex(TokenFormat.macOf(Base64.getUrlDecoder().decode(KEYS.sign(TOKEN))));
        assertThat(HexFormat.of().formatHex(link)).doesNotContain(tokenMac);
        for (int from = 0; from + TokenFormat.MAC_BYTES <= link.length; from++) {
            byte[] made = new byte[TokenFormat.TOKEN_BYTES];
            System.arraycopy(link, 0, made, 0, TokenFormat.FIELDS_BYTES);
            System.arraycopy(link, from, made, TokenFormat.FIELDS_BYTES, TokenFormat.MAC_BYTES);
            made[0] = TokenFormat.TOKEN;
            refused(TokenFormat.text(made));
        }
    }

    @Test
    void a_link_with_a_caveat_changed_is_refused() {
        byte[] mine = Base64.getUrlDecoder().decode(ApprovalLink.make(KEYS.sign(TOKEN), CAVEATS));
        Instant later = Instant.parse("2028-01-01T00:00:00Z");
        List<Caveats> wished = List.of(
                new Caveats(Decision.DENIED, CAVEATS.expires(), CAVEATS.approver()),
                new Caveats(Decision.APPROVED, Optional.of(later), CAVEATS.approver()),
                new Caveats(Decision.APPROVED, Optional.empty(), CAVEATS.approver()),
                new Caveats(Decision.APPROVED, CAVEATS.expires(), Optional.of("eve@example.org")),
                new Caveats(Decision.APPROVED, CAVEATS.expires(), Optional.empty()));
        for (Caveats caveats : wished) {
            byte[] theirs = Base64.getUrlDecoder().decode(ApprovalLink.make(KEYS.sign(TOKEN), caveats));
            byte[] forged = TokenFormat.append(TokenFormat.unsigned(theirs), TokenFormat.macOf(mine));
            refused(TokenFormat.text(forged));
        }
    }

    @Test
    void a_link_is_no_token_and_a_token_is_no_link() {
        String token = KEYS.sign(TOKEN);
        String link = ApprovalLink.make(token, CAVEATS);
        assertThatThrownBy(() -> KEYS.verify(link)).isInstanceOf(InvalidToken.class);
        assertThatThrownBy(() -> KEYS.verifyLink(token)).isInstanceOf(InvalidToken.class);
        assertThatThrownBy(() -> ApprovalLink.make(link, CAVEATS)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ApprovalLink.make("nonsense", CAVEATS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_link_expires_at_its_time() {
        Instant expires = Instant.parse("2027-01-01T00:00:00Z");
        assertThat(CAVEATS.expiredAt(expires.minusMillis(1))).isFalse();
        assertThat(CAVEATS.expiredAt(expires)).isTrue();
        assertThat(new Caveats(Decision.DENIED, Optional.empty(), Optional.empty()).expiredAt(Instant.MAX))
                .isFalse();
    }

    @Test
    void only_the_engine_makes_barriers() {
        byte[] mac = KEYS.signBarrier(3, 17);
        assertThat(KEYS.isBarrier(3, 17, mac)).isTrue();
        assertThat(KEYS.isBarrier(4, 17, mac)).isFalse();
        assertThat(KEYS.isBarrier(3, 18, mac)).isFalse();
        assertThat(KEYS.isBarrier(3, 17, new byte[0])).isFalse();
        assertThat(keys("1:" + SECRET_2).isBarrier(3, 17, mac)).isFalse();
        assertThat(keys("1:" + SECRET_1, "2:" + SECRET_2).isBarrier(3, 17, mac)).isTrue();
    }

    @Test
    void a_key_file_is_made_once_and_is_its_owners_alone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/token-keys");
        String text = TokenKeys.loadOrCreate(file).sign(TOKEN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(TokenKeys.loadOrCreate(file).verify(text)).isEqualTo(TOKEN);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**/.token-keys*");
    }

    @Test
    void processes_that_start_at_once_get_one_key(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token-keys");
        Set<String> texts = ConcurrentHashMap.newKeySet();
        Set<Thread> threads = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    texts.add(TokenKeys.loadOrCreate(file).sign(TOKEN));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(texts).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "secret",
                "256:" + SECRET_1,
                "-1:" + SECRET_1,
                "x:" + SECRET_1,
                "1:",
                "1:AAECAwQF",
                "1:" + SECRET_1 + "AAAA",
                "1:!" + SECRET_1
            })
    void a_line_that_is_no_key_is_told_without_its_secret(String line) {
        assertThatThrownBy(() -> keys(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("oken key file the test")
                .satisfies(
                        e -> assertThat(e.toString()).doesNotContain(SECRET_1).doesNotContain("AAECAwQF"));
    }

    @Test
    void an_id_given_twice_is_refused() {
        assertThatThrownBy(() -> keys("1:" + SECRET_1, "1:" + SECRET_2))
                .hasMessageStartingWith("Line 2 of the token key file the test gives key 1 a second time");
    }

    @Test
    void nothing_that_is_printed_shows_a_secret() {
        assertThat(keys("1:" + SECRET_1, "2:" + SECRET_2)).hasToString("TokenKeys[1, 2], current 2");
        String mac = HexFormat.of()
                .formatHex(TokenFormat.macOf(Base64.getUrlDecoder().decode(KEYS.sign(TOKEN))));
        assertThat(TOKEN.toString()).doesNotContain(mac).doesNotContain(KEYS.sign(TOKEN));
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> KEYS.verifyAny(text)).isInstanceOf(InvalidToken.class);
    }

    private static TokenKeys keys(String... lines) {
        return TokenKeys.parse(List.of(lines), "the test");
    }
}
