package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  /** What RFC 8259 allows; the cases cover each rule of its grammar. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1.5",
        "1e5",
        "1E+5",
        "1e-5",
        "0.1e1",
        "123456789012345678901234567890",
        "\"\"",
        "\"a\"",
        " \t\r\n{} \t\r\n",
        "[1,2]",
        "[ 1 , [ ] , { } ]",
        "{\"a\":1,\"b\":{\"c\":[null]}}",
        "\"\\u0041\"",
        "\"\\uD83D\\uDE00\"",
        "\"😀\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\u007f\"",
        "{\"\":0}",
        "\"\u2028\u2029\""
      })
  void acceptsWhatTheStandardAllows(String text) throws IOException {
    assertThat(Json.parse(text)).isEqualTo(jackson(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":2}",
        "nul",
        "nulll",
        "True",
        "NaN",
        "Infinity",
        "+1",
        "01",
        "-",
        "-a",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "1_000",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\u١٢٣٤\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\"\\uD83D\"",
        "\"\\uDE00\"",
        "\"\\uD83Dx\"",
        "\"\\uDE00\\uD83D\"",
        "\"\ud83d\"",
        "[1]]",
        "{}{}",
        "1 2",
        "/* */1",
        "1//",
        "\ufeff1",
        "[1\u00a0]",
        "1e99999999999"
      })
  void refusesWhatItForbids(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
  }

  @Test
  void refusesAnEndlessDocument() {
    String deep = "[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(Json.MAX_DEPTH + 1);
    String justDeepEnough = deep.substring(1, deep.length() - 1);
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(deep));
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("1".repeat(1001)));
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(" ".repeat(9 << 20)));
    assertThat(Json.parse(justDeepEnough)).isInstanceOf(List.class);
  }

  @Test
  void saysNothingOfTheContent() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parse("{\"password\":\"hunter22\" oops"))
        .withMessage("JSON: expected ',' or '}' at character 23");
  }

  @Test
  void readsBackWhatItWrites() {
    SplittableRandom random = new SplittableRandom(20261124);
    for (int i = 0; i < 2000; i++) {
      Object value = random(random, 4);
      assertThat(Json.parse(Json.write(value))).isEqualTo(value);
    }
  }

  @Test
  void agreesWithAnotherReaderOnDamagedDocuments() {
    SplittableRandom random = new SplittableRandom(8259);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(Json.write(random(random, 3)));
      text.setCharAt(random.nextInt(text.length()), "{}[]\",:\\1 ae.-".charAt(random.nextInt(14)));
      assertThat(accepts(text.toString())).as(text.toString()).isEqualTo(jacksonAccepts(text));
    }
  }

  private static boolean accepts(String text) {
    try {
      Json.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean jacksonAccepts(CharSequence text) {
    try {
      jackson(text.toString());
      return true;
    } catch (IOException | NumberFormatException e) { // it reads exponents late
      return false;
    }
  }

  private static Object jackson(String text) throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    try (JsonParser parser = factory.createParser(text)) {
      parser.nextToken();
      Object value = jackson(parser);
      if (parser.nextToken() != null) {
        throw new IOException("more than one document");
      }
      return value;
    }
  }

  private static Object jackson(JsonParser parser) throws IOException {
    if (parser.currentToken() == null) {
      throw new IOException("no document");
    }
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != com.fasterxml.jackson.core.JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, jackson(parser));
        }
        return members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != com.fasterxml.jackson.core.JsonToken.END_ARRAY) {
          elements.add(jackson(parser));
        }
        return elements;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_TRUE -> {
        return true;
      }
      case VALUE_FALSE -> {
        return false;
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return new BigDecimal(parser.getText());
      }
    }
  }

  private static Object random(SplittableRandom random, int depth) {
    int kind = random.nextInt(depth == 0 ? 4 : 6);
    switch (kind) {
      case 0 -> {
        return BigDecimal.valueOf(random.nextLong(), random.nextInt(20));
      }
      case 1 -> {
        return random.nextBoolean();
      }
      case 2, 3 -> {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(6), 1, 0x3000).forEach(text::appendCodePoint);
        return text.toString();
      }
      case 4 -> {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put("k" + random.nextInt(100), random(random, depth - 1));
        }
        return members;
      }
      default -> {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(random(random, depth - 1));
        }
        return elements;
      }
    }
  }
}
