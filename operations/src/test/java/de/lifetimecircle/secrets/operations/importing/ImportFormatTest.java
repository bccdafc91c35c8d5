package de.lifetimecircle.secrets.operations.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportFormatTest {
  private static Map<String, String> read(ImportFormat format, String text) {
    Map<String, String> values = new LinkedHashMap<>();
    format.read(text).forEach(value -> values.put(value.name(), value.value()));
    return values;
  }

  @Test
  void readsLinesAsPythonDotenvDoes() {
    String text =
        """
        # comment
        export A=plain value # not part of it
        B = "two\\nlines \\"quoted\\" C:\\\\x"
        C='single \\'quoted\\' \\n ${X}'
        D="over
        lines"
        E=
        F=a#b
        """;
    assertThat(read(ImportFormat.DOTENV, text))
        .containsEntry("A", "plain value")
        .containsEntry("B", "two\nlines \"quoted\" C:\\x")
        .containsEntry("C", "single 'quoted' \\n ${X}")
        .containsEntry("D", "over\nlines")
        .containsEntry("E", "")
        .containsEntry("F", "a#b")
        .hasSize(6);
  }

  /**
   * As python-dotenv 1.2.1 reads them: a sign right behind the equals sign is part of a password.
   */
  @Test
  void aValueMayBeginWithANumberSignAndHoldEveryEscape() {
    assertThat(read(ImportFormat.DOTENV, "A=#x\nB=#x #y\nC=\"\\a\\b\\f\\v\\q\""))
        .isEqualTo(Map.of("A", "#x", "B", "#x", "C", "\u0007\b\f\u000b\\q"));
  }

  @Test
  void aNullOfYamlIsNoValue() {
    for (String none : List.of("~", "null", "Null", "NULL")) {
      assertThatThrownBy(() -> ImportFormat.YAML.read("A: x\nB: " + none + " # later\n"))
          .hasMessageContaining("line 2: null");
    }
    assertThat(read(ImportFormat.YAML, "A: \"null\"\nB: '~'\nC: ~x\n"))
        .isEqualTo(Map.of("A", "null", "B", "~", "C", "~x"));
  }

  @Test
  void aLoginOfBitwardenWithoutAPasswordHasItsNote() {
    String json =
        "{\"encrypted\":false,\"items\":[{\"type\":1,\"name\":\"KEY\",\"notes\":\"text\","
            + "\"login\":{\"username\":\"me\",\"password\":null}}]}";
    assertThat(read(ImportFormat.JSON, json)).isEqualTo(Map.of("KEY", "text"));
  }

  /** Members as Bitwarden's ssh-key.export.ts writes them. */
  @Test
  void anSshKeyOfBitwardenIsItsPrivateKey() {
    String json =
        "{\"encrypted\":false,\"items\":[{\"type\":5,\"name\":\"KEY\",\"notes\":\"text\",\"sshKey\":"
            + "{\"privateKey\":\"line 1\\nline 2\\n\",\"publicKey\":\"p\",\"keyFingerprint\":\"f\"}}]}";
    assertThat(read(ImportFormat.JSON, json)).isEqualTo(Map.of("KEY", "line 1\nline 2\n"));
  }

  @Test
  @Timeout(30) // in time that grows with the square of the line it takes a minute
  void aLineOfBlanksTakesNoTime() {
    String blanks = " ".repeat(400_000);
    assertThat(
            read(ImportFormat.DOTENV, "A=a" + blanks + "b\nB=c" + blanks + "# d\nC= #e\nF=f#\t#"))
        .isEqualTo(Map.of("A", "a" + blanks + "b", "B", "c", "C", "", "F", "f#"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: "})
  void aTreeWithoutEndIsRefusedAndFillsNoStack(String level) {
    for (int levels : new int[] {65, 1_000, 100_000}) {
      String text = "A: c4n4ry\nB:\n  " + level.repeat(levels);
      assertThatThrownBy(() -> ImportFormat.YAML.read(text))
          .hasMessageContaining("Cannot import the file")
          .hasMessageNotContaining("c4n4ry");
    }
  }

  @Test
  void sixtyFourLevelsAreEnough() {
    String deep = "{a: ".repeat(63) + "x" + "}".repeat(63);
    assertThat(read(ImportFormat.YAML, "A: " + deep)).hasSize(1).containsValue("x");
    assertThatThrownBy(() -> ImportFormat.YAML.read("A: {a: " + deep + "}"))
        .hasMessageContaining("deeper than 64 levels");
  }

  @Test
  void readsTreesAsNames() {
    assertThat(read(ImportFormat.JSON, "{\"A\":\"x\",\"db\":{\"port\":5432}}"))
        .isEqualTo(Map.of("A", "x", "db/port", "5432"));
    assertThat(read(ImportFormat.YAML, "A: 007\ndb:\n  on: yes\n"))
        .isEqualTo(Map.of("A", "007", "db/on", "yes"));
  }

  @Test
  void aNumberStaysTheTextOfTheFile() {
    String text =
        "{\"A\":1e3,\"B\": -1.50 ,\"C\":{\"D\":10000000000000000000000},\"E\":\"1e3\\\"\\\\\","
            + "\"F\":true,\"9-e\":0}";
    assertThat(read(ImportFormat.JSON, text))
        .containsEntry("A", "1e3")
        .containsEntry("B", "-1.50")
        .containsEntry("C/D", "10000000000000000000000")
        .containsEntry("E", "1e3\"\\")
        .containsEntry("F", "true")
        .containsEntry("9-e", "0")
        .hasSize(6);
    assertThatThrownBy(() -> read(ImportFormat.JSON, "{\"A\":007}"))
        .hasMessageContaining("it is not json");
  }

  @Test
  void decodesLastPassTablesThatAreTextOfAWebPage() {
    String columns = "url,username,password,totp,extra,name,grouping,fav\n";
    String encoded =
        columns
            + "https://x?a=1&amp;b,me,a&amp;b&lt;c&gt;&quot;&#39;&amp;lt;,,,K,A&amp;B,0\n"
            + "http://sn,,,,\"a &amp; b, \"\"c\"\"\",N,,0\n";
    assertThat(read(ImportFormat.CSV, encoded))
        .isEqualTo(Map.of("A_B/K", "a&b<c>\"'&lt;", "N", "a & b, \"c\""));
    String plain = columns + "https://x?a=1&b,me,a&amp;b,,,K,,0\n";
    assertThat(read(ImportFormat.CSV, plain)).isEqualTo(Map.of("K", "a&amp;b"));
    String other = "name,password\nK,a&amp;b\n";
    assertThat(read(ImportFormat.CSV, other)).isEqualTo(Map.of("K", "a&amp;b"));
  }

  @Test
  void readsTheExportsOfPasswordManagers() {
    String onePassword =
        """
        Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes
        LTC_SECRET_KEY,,me,"a ""quoted"", value",,false,false,,
        A note,,,,,false,false,,"over
        two lines"
        """;
    assertThat(read(ImportFormat.CSV, onePassword))
        .isEqualTo(Map.of("LTC_SECRET_KEY", "a \"quoted\", value", "A_note", "over\ntwo lines"));
    String lastPass =
        """
        url,username,password,totp,extra,name,grouping,fav
        https://x,me,pw-1,,,Stripe key,Team/Prod,0
        http://sn,,,,note-1,N,(none),0
        """;
    assertThat(read(ImportFormat.CSV, lastPass))
        .isEqualTo(Map.of("Team/Prod/Stripe_key", "pw-1", "N", "note-1"));
    String dashlane =
        """
        username,username2,username3,title,password,note,url,category,otpSecret
        me,,,DB_ADMIN_PW,pw-2,,https://x,,
        """;
    assertThat(read(ImportFormat.CSV, dashlane)).isEqualTo(Map.of("DB_ADMIN_PW", "pw-2"));
    String bitwarden =
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,"
            + "login_totp\nprod,,login,KEY,,,0,,me,pw-3,\n";
    assertThat(read(ImportFormat.CSV, bitwarden)).isEqualTo(Map.of("prod/KEY", "pw-3"));
    String json =
        "{\"encrypted\":false,\"folders\":[{\"id\":\"f\",\"name\":\"prod\"}],\"items\":["
            + "{\"type\":1,\"name\":\"KEY\",\"folderId\":\"f\",\"login\":{\"password\":\"pw-4\"}},"
            + "{\"type\":2,\"name\":\"NOTE\",\"folderId\":null,\"notes\":\"text\"}]}";
    assertThat(read(ImportFormat.JSON, json)).isEqualTo(Map.of("prod/KEY", "pw-4", "NOTE", "text"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DOTENV|A=x\\nc4n4ry",
        "DOTENV|A=\"c4n4ry",
        "DOTENV|A=${c4n4ry}",
        "JSON|[\"c4n4ry\"]",
        "JSON|{\"A\":[\"c4n4ry\"]}",
        "JSON|{\"A\":\"c4n4ry",
        "JSON|{\"encrypted\":true,\"items\":[\"c4n4ry\"]}",
        "YAML|- c4n4ry",
        "YAML|A: &x c4n4ry\\nB: *x\\nC: {",
        "CSV|a,b\\nc4n4ry,1",
        "CSV|name,password\\nx,\"c4n4ry",
        "CSV|name,password\\nx,1\\nx,c4n4ry",
        "CSV|name,password\\nx,c4n4ry,y",
        "CSV|name,password\\n\u5bc6\u7801,c4n4ry",
        "JSON|{\"\u5bc6\u7801\":\"c4n4ry\"}",
        "JSON|{\"A\":\"c4n4ry\",\"items\":[]}",
        "JSON|{\"kind\":\"List\",\"items\":[{\"data\":{\"KEY\":\"c4n4ry\"}}]}",
        "JSON|{\"encrypted\":false,\"items\":[{\"type\":2,\"name\":\"\u5bc6\u7801\",\"notes\":\"c4n4ry\"}]}",
      })
  void saysWhereItIsWrongWithoutRepeatingIt(ImportFormat format, String text) {
    assertThatThrownBy(() -> format.read(text.replace("\\n", "\n")))
        .hasMessageContaining("Cannot import the file")
        .hasMessageNotContaining("c4n4ry");
  }
}
