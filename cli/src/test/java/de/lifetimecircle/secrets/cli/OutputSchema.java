package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The schema of what commands print with {@code --json}, as users get it. */
final class OutputSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode TEXT = read(Path.of("../docs/cli-output.schema.json"));
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

  /** Commands that print bytes of somebody else, or text of a kind that has a name already. */
  private static final Set<String> OTHER = Set.of("completion", "exec", "help", "redact", "schema");

  private OutputSchema() {}

  /** Whether a command prints no document of ours, also with {@code --json}. */
  static boolean isOther(String command) {
    return OTHER.contains(command);
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The commands whose result the schema describes. */
  static Set<String> commands() {
    Set<String> commands = new TreeSet<>();
    TEXT.at("/oneOf/1/oneOf")
        .forEach(each -> commands.add(text(each, "/properties/command/const")));
    return commands;
  }

  private static String text(JsonNode node, String place) {
    return node.at(place).asText();
  }

  /** Checks what a call with {@code --json} has printed; does nothing for any other call. */
  static void check(String[] args, int code, String out, String err) {
    List<String> words = Arrays.asList(args);
    List<String> own = words.contains("--") ? words.subList(0, words.indexOf("--")) : words;
    if (!own.contains("--json") || OTHER.contains(args[0])) {
      return;
    }
    if (!out.isEmpty()) {
      assertThat(out).endsWith("\n").hasLineCount(1);
      JsonNode envelope = valid(out);
      assertThat(envelope.get("exitCode").asInt()).as(out).isEqualTo(code);
      assertThat(own).containsAll(List.of(text(envelope, "/command").split(" ", -1)));
    }
    err.lines().filter(line -> line.startsWith("{")).forEach(OutputSchema::valid);
  }

  /** Fails unless the text is one document that the schema allows. */
  static JsonNode valid(String text) {
    try {
      JsonNode document = JSON.readTree(text);
      assertThat(SCHEMA.validate(document)).as(text).isEmpty();
      return document;
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
