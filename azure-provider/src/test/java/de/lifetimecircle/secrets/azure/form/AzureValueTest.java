package de.lifetimecircle.secrets.azure.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.StoreFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureValueTest {

  private static SecretValue back(StoredValue stored) {
    return StoredValue.read(stored.text(), stored.contentType());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "aGVsbG8=", "p\u00e4ss\u20ac", "\ud83d\udd11", "a\r\n\tb"})
  void textGoesAsItIs(String text) {
    StoredValue stored = StoredValue.of(SecretValue.of(text));
    assertThat(stored.text()).isEqualTo(text);
    assertThat(stored.contentType()).isNull();
    assertThat(back(stored)).isEqualTo(SecretValue.of(text));
  }

  @Test
  void otherBytesGoAsBase64AndSaySo() {
    for (byte[] bytes :
        new byte[][] {{0}, {'a', (byte) 0xff}, {(byte) 0xed, (byte) 0xa0, -128}, {27}, {127}}) {
      StoredValue stored = StoredValue.of(SecretValue.of(bytes));
      assertThat(stored.contentType()).isEqualTo(StoredValue.BINARY);
      assertThat(back(stored).asBytes()).isEqualTo(bytes);
      assertThat(stored).hasToString("StoredValue[redacted]");
    }
  }

  @Test
  void limitIsThatOfWhatIsSent() {
    String longest = "x".repeat(StoredValue.MAX_BYTES);
    assertThat(StoredValue.of(SecretValue.of(longest)).text()).hasSize(StoredValue.MAX_BYTES);
    byte[] binary = new byte[StoredValue.MAX_BINARY];
    assertThat(StoredValue.of(SecretValue.of(binary)).text()).hasSize(StoredValue.MAX_BYTES);
    tooLarge(SecretValue.of(longest + "x"));
    tooLarge(SecretValue.of("\u20ac".repeat(StoredValue.MAX_BYTES / 3 + 1)));
    tooLarge(SecretValue.of(new byte[StoredValue.MAX_BINARY + 1]));
  }

  private static void tooLarge(SecretValue value) {
    StoreFailure problem = catchThrowableOfType(StoreFailure.class, () -> StoredValue.of(value));
    assertThat(problem.kind()).isEqualTo(Kind.TOO_LARGE);
  }

  @Test
  void declaredBase64ThatIsNoneIsCorruptAndNotShown() {
    StoreFailure problem =
        catchThrowableOfType(
            StoreFailure.class,
            () -> StoredValue.read("hush!", "application/octet-stream; encoding=BASE64"));
    assertThat(problem.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(problem).hasNoCause();
    assertThat(problem.reason()).doesNotContain("!");
  }

  @Test
  void contentTypeOfPeopleIsNoDeclarationOfOurs() {
    for (String type : new String[] {"text/plain", "application/octet-stream", ""}) {
      assertThat(StoredValue.read("aGVsbG8=", type).asString()).isEqualTo("aGVsbG8=");
    }
  }
}
