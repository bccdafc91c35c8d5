package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import de.lifetimecircle.secrets.cli.frozen.FrozenTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The schema of what commands print with {@code --json}, as users get it. */
final class OutputSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILE = Path.of("../docs/cli-output.schema.json");

  /** The line above the results, one line for each command. */
  private static final String RESULTS = "      \"required\": [\"result\"],\n      \"oneOf\": [\n";

  private static JsonNode text = read(FILE);
  private static JsonSchema schema = schema();

  /** Commands that print bytes of somebody else, or text of a kind that has a name already. */
  private static final Set<String> OTHER = Set.of("completion", "exec", "help", "redact", "schema");

  /** Commands that parse their own options, have subcommands only, or print nothing. */
  private static final Set<String> WITHOUT_RESULT = Set.of("agent", "decide", "store", "warm-up");

  private OutputSchema() {}

  /** The commands that need no document of ours, also with {@code --json}. */
  static Set<String> others() {
    Set<String> others = new TreeSet<>(OTHER);
    others.addAll(WITHOUT_RESULT);
    return others;
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
    text.at("/oneOf/1/oneOf")
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
  static JsonNode valid(String printed) {
    try {
      JsonNode document = JSON.readTree(printed);
      if (FrozenTexts.RENEWED && isNew(document)) {
        describe(document);
      }
      assertThat(schema.validate(document))
          .as(
              "%s: not as in %s; -D%s=true describes a new command",
              printed, FILE, FrozenTexts.RENEW)
          .isEmpty();
      return document;
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + printed, e);
    }
  }

  private static JsonSchema schema() {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
  }

  private static boolean isNew(JsonNode document) {
    return document.has("result") && !commands().contains(text(document, "/command"));
  }

  /** Adds a line for the result of a new command; a person reads it before it is committed. */
  private static void describe(JsonNode document) throws IOException {
    String line =
        String.format(
            Locale.ROOT,
            "        {\"properties\": {\"command\": {\"const\": %s}, \"result\": %s}},\n",
            document.get("command"),
            strictest(document.get("result")));
    Files.writeString(FILE, Files.readString(FILE).replace(RESULTS, RESULTS + line));
    text = read(FILE);
    schema = schema();
  }

  /** Returns a schema for values of this form only: no member less and none more. */
  private static String strictest(JsonNode value) {
    if (value.isObject()) {
      List<String> names = new ArrayList<>();
      List<String> members = new ArrayList<>();
      value
          .fields()
          .forEachRemaining(
              member -> {
                names.add("\"" + member.getKey() + "\"");
                members.add("\"" + member.getKey() + "\": " + strictest(member.getValue()));
              });
      return "{\"type\": \"object\", \"additionalProperties\": false, \"required\": "
          + names
          + ", \"properties\": {"
          + String.join(", ", members)
          + "}}";
    }
    if (value.isArray()) {
      String items = value.isEmpty() ? "false" : strictest(value.get(0));
      return "{\"type\": \"array\", \"items\": " + items + "}";
    }
    String number = value.isBoolean() ? "boolean" : "integer";
    return "{\"type\": \"" + (value.isTextual() ? "string" : number) + "\"}";
  }
}
