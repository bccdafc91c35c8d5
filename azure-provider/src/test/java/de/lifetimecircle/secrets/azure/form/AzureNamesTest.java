package de.lifetimecircle.secrets.azure.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureNamesTest {
  private static final int MANY = 100_000;

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "LTC_SECRET_KEY, -kltc-usecret-ukey",
    "prod/LTC_SECRET_KEY, prod-s-kltc-usecret-ukey",
    "aB, a-kb",
    "aBc, a-kb-kc",
    "A1b, -ka1-kb",
    "1/2.3-4, 1-s2-d3--4",
    "-a, --a",
    "a-, a--",
    "-, --",
    "a b, a-x20b",
    "ü, -xc3-xbc",
    "\uD83D\uDD11, -xf0-x9f-x94-x91",
    "-k, --k",
    "..., -d-d-d"
  })
  void nameHasThisStoredForm(String name, String stored) {
    assertThat(NameEscape.encode(name)).isEqualTo(stored);
    assertThat(NameEscape.decode(stored)).contains(name);
  }

  @Test
  void manyNamesComeBackAndNoTwoMeet() {
    SplittableRandom random = new SplittableRandom(20261124);
    Map<String, String> byStored = new HashMap<>();
    int taken = 0;
    while (taken < MANY) {
      String name = name(random);
      String stored;
      try {
        stored = NameEscape.encode(name);
      } catch (StoreFailure e) {
        assertThat(e.kind()).isEqualTo(Kind.BAD_NAME);
        continue;
      }
      taken++;
      assertThat(stored).matches("[0-9a-z-]{1,127}");
      assertThat(NameEscape.decode(stored)).contains(name);
      // Legal stored names are lower-case, so that to be different is to be so without case too.
      String before = byStored.put(stored.toLowerCase(Locale.ROOT), name);
      assertThat(before == null || before.equals(name)).isTrue();
    }
  }

  /** Mostly of the signs that the escape is about, now and then of any character. */
  private static String name(SplittableRandom random) {
    String signs = "abcXYZkKsSuUdDxX019--__//..";
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 70 : 16);
    for (int i = 0; i < length; i++) {
      if (random.nextInt(20) == 0) {
        int c = 0x20 + random.nextInt(Character.MAX_CODE_POINT - 0x20);
        name.appendCodePoint(c >= 0xd800 && c < 0xe000 ? '~' : c);
      } else {
        name.append(signs.charAt(random.nextInt(signs.length())));
      }
    }
    return name.toString();
  }

  @Test
  void manyStoredNamesAreOursOrNobodys() {
    SplittableRandom random = new SplittableRandom(7);
    Set<String> names = new HashSet<>();
    Set<String> ours = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      String stored = storedName(random);
      NameEscape.decode(stored)
          .ifPresent(
              name -> {
                assertThat(NameEscape.encode(name)).isEqualTo(stored);
                assertThat(names.add(name)).isEqualTo(ours.add(stored));
              });
    }
    assertThat(ours).isNotEmpty();
  }

  private static String storedName(SplittableRandom random) {
    String signs = "ab0kxsudc3f-----";
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(9);
    for (int i = 0; i < length; i++) {
      name.append(signs.charAt(random.nextInt(signs.length())));
    }
    return name.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "a-",
        "-a",
        "a-k",
        "-k-ka",
        "-k1a",
        "Abc",
        "a-x2",
        "a-x2g",
        "a-x61",
        "a-xC3-xBC",
        "a-xc3",
        "a-xff",
        "-xed-xa0-x80",
        "a-x0a",
        "a_b",
        "ü",
        "my-cert"
      })
  void otherStoredNameIsNobodys(String stored) {
    assertThat(NameEscape.decode(stored)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "a\nb", "a\u0085", "\uD83D", "a\uDD11b"})
  void nameWithoutAFormIsRefusedWithTheReason(String name) {
    StoreFailure problem = catchThrowableOfType(StoreFailure.class, () -> NameEscape.encode(name));
    assertThat(problem.kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(problem.reason()).startsWith("it ");
  }

  @Test
  void tooLongFormIsRefusedWithItsLength() {
    assertThat(NameEscape.encode("n".repeat(127))).hasSize(127);
    assertThat(NameEscape.encode("N".repeat(125))).hasSize(127);
    StoreFailure problem =
        catchThrowableOfType(StoreFailure.class, () -> NameEscape.encode("N".repeat(126)));
    assertThat(problem.reason()).contains("128").contains("127");
  }

  @Test
  void plainNameIsAsItIs() {
    assertThat(Naming.PLAIN.stored("My-Cert-1")).isEqualTo("My-Cert-1");
    assertThat(Naming.PLAIN.name("My-Cert-1")).contains("My-Cert-1");
    for (String name : new String[] {"", "a/b", "a_b", "a.b", "ü", "n".repeat(128)}) {
      StoreFailure problem =
          catchThrowableOfType(StoreFailure.class, () -> Naming.PLAIN.stored(name));
      assertThat(problem.kind()).isEqualTo(Kind.BAD_NAME);
    }
  }
}
