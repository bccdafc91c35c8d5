package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of an object in its bytes, compared with the reader that makes texts. */
class JsonMembersTest {
  private static Map<String, String> members(String json) {
    Map<String, String> members = new LinkedHashMap<>();
    Json.members(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)))
        .forEach(
            (name, value) -> members.put(name, StandardCharsets.UTF_8.decode(value).toString()));
    return members;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}",
        " {\r\n\t\"a\" : \"x\" , \"b\" : [ ] , \"c\" : { } } ",
        "{\"a\":[1,[2,{\"b\":\"c\"}],\"]\"],\"d\":\"}\"}",
        "{\"\":null,\"t\":true,\"f\":false}",
        "{\"a\":-0,\"b\":-0.5e-7,\"c\":1E+10,\"d\":12345678901234567890}",
        "{\"\\u0061\\n\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\"}",
        "{\"a\":\"\\ud83d\\ude00 \ud83d\ude00 \u00e9 \u007f\"}",
      })
  void membersOfAnObjectAreFound(String json) {
    Map<?, ?> expected = Json.object(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    Map<String, String> found = members(json);
    assertThat(List.copyOf(found.keySet()).toString())
        .isEqualTo(List.copyOf(expected.keySet()).toString());
    found.forEach((name, text) -> assertThat(Json.parse(text)).isEqualTo(expected.get(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "\"{}\"",
        "{}{}",
        "{} x",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1;\"b\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":1e99999999999}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":truely}",
        "{\"a\":\"x}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\\ude00\"}",
        "{\"a\":\"\\ud83d\ude00\"}",
        "{\"a\":[1,2}",
        "{\"a\":[1,]}",
        "{\"a\":\u00a01}",
      })
  void anythingElseHasNone(String json) {
    assertThat(Json.object(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(members(json)).isEmpty();
  }

  /** Else a copy of a value would be left when the bytes are overwritten. */
  @Test
  void valuesArePartsOfTheBytesAndNoCopies() {
    byte[] json = "{\"a\":\"value\",\"b\":[1]}".getBytes(StandardCharsets.UTF_8);
    Map<String, ByteBuffer> members = Json.members(ByteBuffer.wrap(json));
    assertThat(members).containsOnlyKeys("a", "b");
    Arrays.fill(json, (byte) 0);
    assertThat(members.get("a")).isEqualTo(ByteBuffer.allocate(7));
    assertThat(members.get("b")).isEqualTo(ByteBuffer.allocate(3));
  }

  /** With the levels that the answer of Vault has around it, the library can still read it. */
  @Test
  void deepObjectsAndLongNumbersAreReadAsFarAsTheLibraryReadsThem() {
    String deepest = "{\"a\":" + "[".repeat(61) + "]".repeat(61) + "}";
    assertThat(members(deepest)).hasSize(1);
    assertThat(Json.parse("{\"d\":{\"d\":" + deepest + "}}")).isNotNull();
    assertThat(members("{\"a\":" + "[".repeat(62) + "]".repeat(62) + "}")).isEmpty();
    assertThat(members("{\"a\":" + "1".repeat(1000) + "}")).hasSize(1);
    assertThat(members("{\"a\":" + "1".repeat(1001) + "}")).isEmpty();
    assertThat(members("{\"a\":" + "[".repeat(100_000))).isEmpty();
  }
}
