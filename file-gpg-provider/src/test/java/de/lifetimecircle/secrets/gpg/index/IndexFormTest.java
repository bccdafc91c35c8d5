package de.lifetimecircle.secrets.gpg.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.index.IndexRoot.Bucket;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Recipient;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of the index: what is written is read again, and nothing else is. */
class IndexFormTest {
  private static final Recipient ANNA = new Recipient("A".repeat(40), "1".repeat(64));
  private static final Recipient BERT = new Recipient("B".repeat(40), "2".repeat(64));

  private static IndexRoot root() {
    TreeMap<String, Bucket> buckets = new TreeMap<>();
    buckets.put("0a", new Bucket(7, "3".repeat(64)));
    return new IndexRoot("store", 7, 3, true, "0a/prod/KEY", List.of(ANNA, BERT), buckets);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SignedFields fields(String json) {
    return SignedFields.parse("file", utf8(json));
  }

  @Test
  void rootIsReadAsItWasWritten() {
    IndexRoot settled = root().settled();
    assertThat(IndexRoot.parse(root().toBytes())).isEqualTo(root());
    assertThat(IndexRoot.parse(settled.toBytes())).isEqualTo(settled);
    assertThat(new String(settled.toBytes(), StandardCharsets.UTF_8)).doesNotContain("settledTo");
    assertThat(new String(root().gpgId(), StandardCharsets.US_ASCII))
        .isEqualTo(ANNA.fingerprint() + "\n" + BERT.fingerprint() + "\n");
  }

  @Test
  void everyChangeOfTheRootIsANewGeneration() {
    Bucket written = new Bucket(8, "4".repeat(64));
    IndexRoot next = root().withBucket("0b", written);
    assertThat(next.generation()).isEqualTo(8);
    assertThat(next.buckets()).hasSize(2).containsEntry("0b", written);
    assertThat(next.epoch()).isEqualTo(3);

    IndexRoot fewer = root().withRecipients(List.of(BERT));
    assertThat(fewer)
        .isEqualTo(new IndexRoot("store", 8, 4, true, "", List.of(BERT), root().buckets()));
    assertThat(fewer.settled())
        .isEqualTo(new IndexRoot("store", 9, 4, false, "", List.of(BERT), root().buckets()));
    assertThat(fewer.settledTo("0b/x"))
        .isEqualTo(new IndexRoot("store", 9, 4, true, "0b/x", List.of(BERT), root().buckets()));
  }

  @Test
  void newerCertificateBelongsToItsRecipient() {
    Recipient newer = new Recipient(BERT.fingerprint(), "5".repeat(64));
    IndexRoot next = root().withCertificate(newer);
    assertThat(next.recipients()).containsExactly(ANNA, newer);
    assertThat(next.generation()).isEqualTo(8);
    assertThat(next.epoch()).isEqualTo(3);
    assertThat(next.recipient(BERT.fingerprint())).contains(newer);
    assertThat(next.recipient("C".repeat(40))).isEmpty();
    assertThat(next.hasRecipient(ANNA.fingerprint())).isTrue();
    assertThat(next.hasRecipient("C".repeat(40))).isFalse();
  }

  @Test
  void entriesAreReadAsTheyWereWritten() {
    TreeMap<String, IndexEntry> entries = new TreeMap<>();
    entries.put("prod/KEY", new IndexEntry("1".repeat(64), SecretManifest.State.LIVE, 4, 3));
    entries.put("prod/OLD", new IndexEntry("2".repeat(64), SecretManifest.State.DELETED, 2, 1));
    entries.put("prod/GONE", entries.get("prod/OLD").purged());
    assertThat(IndexEntry.parse("file", IndexEntry.toBytes(entries))).isEqualTo(entries);
    assertThat(entries.get("prod/GONE").isPurged()).isTrue();
    assertThat(entries.get("prod/GONE").lastVersion()).isEqualTo(1);
    assertThat(entries.get("prod/OLD").isPurged()).isFalse();
  }

  @Test
  void anotherSignedDocumentIsNoIndex() {
    String text = new String(root().toBytes(), StandardCharsets.UTF_8);
    assertThatThrownBy(() -> IndexRoot.parse(utf8(text.replace("\"index\"", "\"manifest\""))))
        .isInstanceOf(StoreFailure.class)
        .hasMessage(".fgp/index.pgp is not an index");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | no",
        "0.5 | no",
        "9223372036854775808 | no",
        "\"1\" | no",
        "null | no",
        "0 | 0",
        "1e2 | 100",
        "9223372036854775807 | 9223372036854775807"
      })
  void aNumberIsWholeAndNotNegative(String json, String expected) {
    SignedFields document = fields("{\"n\": " + json + "}");
    if (expected.equals("no")) {
      assertThatThrownBy(() -> document.number("n"))
          .isInstanceOf(StoreFailure.class)
          .hasMessage("file has no usable member 'n'");
    } else {
      assertThat(document.number("n")).isEqualTo(Long.parseLong(expected));
    }
  }

  @Test
  void onlyTheTypeThatIsAskedForIsGiven() {
    SignedFields document =
        fields(
            "{\"text\": \"t\", \"null\": null, \"flag\": true, \"off\": false, \"list\": [\"a\"],"
                + " \"objects\": [{\"x\": \"y\"}], \"object\": {\"b\": 1, \"a\": 2}}");
    assertThat(document.text("text")).isEqualTo("t");
    assertThat(document.textOrNull("text")).isEqualTo("t");
    assertThat(document.textOrNull("null")).isNull();
    assertThat(document.textOrEmpty("text")).isEqualTo("t");
    assertThat(document.textOrEmpty("none")).isEmpty();
    assertThat(document.flag("flag")).isTrue();
    assertThat(document.flag("off")).isFalse();
    assertThat(document.texts("list")).containsExactly("a");
    assertThat(document.objects("objects")).singleElement().returns("y", IndexFormTest::x);
    assertThat(document.object("object").names()).containsExactly("b", "a");
  }

  private static String x(SignedFields fields) {
    return fields.text("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "null", "text", "list", "object"})
  void aMemberOfAnotherTypeIsRefusedByItsNameOnly(String member) {
    SignedFields document =
        fields("{\"null\": null, \"text\": \"t\", \"list\": [1], \"object\": {}}");
    List<ThrowingRead> reads =
        List.of(
            document::number,
            document::flag,
            document::objects,
            document::texts,
            name -> document.text(name.equals("text") ? "list" : name),
            name -> document.textOrNull(name.equals("text") || name.equals("null") ? "list" : name),
            name ->
                document.textOrEmpty(name.equals("text") || name.equals("none") ? "list" : name),
            name -> document.object(name.equals("object") ? "text" : name));
    for (ThrowingRead read : reads) {
      assertThatThrownBy(() -> read.of(member)).isInstanceOf(StoreFailure.class);
    }
  }

  /** A read that may say that a member is unfit. */
  private interface ThrowingRead {
    @Nullable Object of(String member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "\"text\"", "{\"a\": 1", "null"})
  void whatIsNoObjectIsNoDocument(String json) {
    assertThatThrownBy(() -> fields(json)).isInstanceOf(StoreFailure.class);
    assertThatThrownBy(() -> SignedFields.parse("file", new byte[] {'{', (byte) 0xff, '}'}))
        .isInstanceOf(StoreFailure.class)
        .hasMessage("file is not JSON");
  }
}
