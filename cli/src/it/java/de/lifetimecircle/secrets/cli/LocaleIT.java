package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command in the locales of cron, of a bare container and of other machines. */
class LocaleIT {
  /** A name that no locale but one with UTF-8 has, and its twin where a byte is one character. */
  private static final String FIRST = "loc/\u00fc";

  private static final String SECOND = "loc/\u00e9";

  private static final String CHILD =
      """
      printf '%s|%s|%s|' "$1" "$IT" "$OWN"
      cat
      echo "|${LC_ALL-none}|${LANG-none}|${LC_CTYPE-none}"
      """;

  @TempDir static Path common;
  private static Installation installed;

  /** A folder with a locale of ISO-8859-1, where this machine can make one, and with the others. */
  private static Path locales;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws IOException {
    installed = Installation.shared(common);
    locales = Files.createDirectories(common.resolve("locales"));
    Result made =
        installed.shell(
            "cp -R /usr/lib/locale/C.* "
                + locales
                + "; localedef -i de_DE -f ISO-8859-1 "
                + locales.resolve("de_DE.ISO-8859-1")
                + " || true");
    assertThat(made.code()).as(made.err()).isZero();
    installed.succeed("--version"); // makes the archive once
  }

  private static String set(String locale) {
    return locale.equals("unset") ? "" : locale + " ";
  }

  /** The second one is read after the first was written, which an overwritten one would not be. */
  private static String twoNames(String locale) {
    String secrets = "env " + set(locale) + "secrets ";
    return String.join(
        "\n",
        "set -e",
        "printf one | " + secrets + "put " + FIRST + " >&2",
        "printf two | " + secrets + "put " + SECOND + " >&2",
        secrets + "get " + FIRST,
        secrets + "get " + SECOND,
        "echo",
        secrets + "list loc/");
  }

  private static final String TWO = "onetwo\n" + SECOND + "\n" + FIRST + "\n";

  /** A store of files keeps ASCII names only, so both are refused by their own name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=C",
        "LC_ALL=POSIX",
        "unset",
        "LC_ALL=C.UTF-8",
        "LC_ALL=de_DE.ISO-8859-1",
        "LANG=de_DE.ISO-8859-1",
        "LC_CTYPE=C LANG=C.UTF-8",
        "LANG=xx_XX.UTF-8" // of another machine, as ssh passes it on
      })
  void filesAndChildrenHaveTheBytesThatWereGiven(String locale) throws IOException {
    installed.environment.put("LOCPATH", locales.toString());
    installed.environment.put("SECRETS_GPG_STORE", folder.resolve("st\u00f6re").toString());
    installed.environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    try {
      String secrets = "env " + set(locale) + "secrets ";
      for (String name : List.of(FIRST, SECOND)) {
        Result refused = installed.shell("printf one | " + secrets + "put " + name);
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.INVALID.code());
        assertThat(refused.err()).contains("'" + name + "'", "character").hasLineCount(1);
      }
      Path value = Files.writeString(folder.resolve("v\u00e4lue"), "two");
      Result put = installed.shell(secrets + "put NAME --file '" + value + "'");
      assertThat(put.code()).as(put.err()).isZero();
      assertThat(folder.resolve("st\u00f6re/NAME.gpg")).exists();
      childSeesItsUsersLocale(locale, Files.writeString(folder.resolve("child"), CHILD));
    } finally {
      installed.environment.clear();
    }
  }

  /** Its bytes in an argument, a variable and the input, and no locale of the launcher's. */
  private static void childSeesItsUsersLocale(String locale, Path child) throws IOException {
    String line = " sh " + child + " \u00e4\u20ac";
    String variables = "env " + set(locale) + "OWN=\u00f6 ";
    Result own = installed.shell("printf \u00df | IT=two " + variables + line);
    Result through =
        installed.shell("printf \u00df | " + variables + "secrets exec --secret NAME=IT --" + line);
    assertThat(through.code()).as(through.err()).isZero();
    assertThat(through.text()).isEqualTo(own.text()).startsWith("\u00e4\u20ac|two|\u00f6|\u00df|");
  }

  @ParameterizedTest
  @CsvSource({"vault, LC_ALL=C", "vault, unset", "azure, LC_ALL=C", "azure, LC_ALL=POSIX"})
  void twoNamesStayTwoInAStoreOverHttp(String scheme, String locale) throws IOException {
    try (ServedBackend backend = ServedBackend.start(scheme, folder)) {
      installed.environment.putAll(backend.environment());
      Result result = installed.shell(twoNames(locale));
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.text()).isEqualTo(TWO);
    } finally {
      installed.environment.clear();
    }
  }

  /** Bytes that are no UTF-8 would all be read as one character. */
  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LC_ALL=C.UTF-8"})
  void aNameThatIsNotUtf8IsRefused(String locale) throws IOException {
    Result result =
        installed.shell("printf x | env " + locale + " secrets put \"$(printf 'loc/\\374')\"");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.INVALID.code());
    assertThat(result.err()).contains("bytes that are not UTF-8").hasLineCount(1);
  }

  /** Without the launcher, nothing chooses the JVM's locale. */
  @Test
  void theJarAloneRefusesWhatItCannotRead() throws IOException {
    String java =
        " '"
            + System.getProperty("java.home")
            + "/bin/java' -cp '"
            + installed.root
            + "/lib/*' de.lifetimecircle.secrets.cli.Main get ";
    for (Map.Entry<String, Integer> each :
        Map.of("LC_ALL=C", ExitCode.USAGE.code(), "LC_ALL=C.UTF-8", ExitCode.INVALID.code())
            .entrySet()) {
      Result result =
          installed.shell("secrets init >/dev/null 2>&1; " + each.getKey() + java + FIRST);
      assertThat(result.code()).as(result.err()).isEqualTo(each.getValue());
    }
    List<String> ascii = installed.shell("LC_ALL=C" + java + "none").err().lines().toList();
    assertThat(ascii).singleElement().asString().contains("'none'");
  }
}
