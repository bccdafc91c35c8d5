package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Listing;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schema for editors and the reader say the same. The schema is evaluated here by a part of
 * JSON Schema that fails on every word it does not know, so that no rule is passed over.
 */
class SchemaTest {
  private final Map<?, ?> schema = (Map<?, ?>) Json.parse(InventoryText.schema());

  private Map<?, ?> at(String... path) {
    Object here = schema;
    for (String step : path) {
      here = Objects.requireNonNull(((Map<?, ?>) here).get(step), step);
    }
    return (Map<?, ?>) here;
  }

  @Test
  void isPublishedAmongTheDocumentsAsWell() throws IOException {
    assertThat(Files.readString(Path.of("../docs/secrets.schema.json")))
        .isEqualTo(InventoryText.schema());
  }

  @Test
  void takesTheExample() {
    assertThat(violations(InventoryText.example())).isEmpty();
  }

  /** One mistake each that a form can see; both refuse it, and the part below it is right. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "generater: hex 32",
        "generator: hexx 32",
        "generator: hex 0",
        "generator: hex 32, template: 'x{A}'",
        "generator: [hex]",
        "rotation: {}",
        "rotation: {grace: 1 hour}",
        "rotation: {every: monthly}",
        "rotation: {on: [13-01]}",
        "rotation: {on: []}",
        "validation: {check: nothing}",
        "validation: {min-length: 0}",
        "validation: {min-length: many}",
        "readers: [everyone]",
        "readers: [ci, ci]",
        "readers: ci",
        "local-override: 1X",
        "hooks: {deploy: run}",
        "hooks: {deploy: []}",
        "hooks: {deplo: [run]}",
        "hooks: {apply: {none: ''}}",
        "hooks: {apply: {why: x}}",
        "hooks: {apply: {}}",
        "opens: [x]",
        "opens: ''",
        "issuer: http://dashboard.example/keys",
        "issuer: https://anna:pw@dashboard.example/",
        "issuer: dashboard.example",
        "issuer: https://dashboard.example/it's",
        "environments: []",
        "owner: [x]",
        "owner: ''",
        "value: x",
      })
  void refusesWhatTheReaderRefuses(String line) {
    String text =
        InventoryTest.HEAD + "  A: {description: a}\n  B: {description: b, " + line + "}\n";
    assertThat(violations(text)).isNotEmpty();
    assertThat(InventoryTest.mistakes(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generator: passphrase",
        "opens: the payment service, hooks: {apply: {none: it issues the value}}",
        "issuer: https://dashboard.example/keys?tab=api#new",
        "generator: base64url 48, readers: [service]",
        "template: 'x{A}', validation: {prefix: x, matches: 'x.*', check: hex}",
        "rotation: {every: 1 year}, environments: [prod]",
        "rotation: {on: [12-31], grace: 10 minutes}, hooks: {apply: [run, --fast]}",
      })
  void takesWhatTheReaderTakes(String line) {
    String text =
        InventoryTest.HEAD + "  A: {description: a}\n  B: {description: b, " + line + "}\n";
    assertThat(violations(text)).isEmpty();
    assertThat(Inventory.parse(text, "x").names()).hasSize(2);
  }

  private List<String> violations(String yaml) {
    InventoryMistakes mistakes = new InventoryMistakes("x");
    YamlTree tree = Objects.requireNonNull(YamlFile.read(yaml, mistakes));
    mistakes.throwIfAny();
    List<String> violations = new ArrayList<>();
    evaluate(schema, tree, "", violations);
    return violations;
  }

  private void evaluate(Map<?, ?> rules, YamlTree tree, String path, List<String> violations) {
    for (Map.Entry<?, ?> rule : rules.entrySet()) {
      int before = violations.size();
      String word = String.valueOf(rule.getKey());
      boolean keeps =
          switch (word) {
            case "$schema", "title", "description", "$defs" -> true;
            case "$ref" -> refer(String.valueOf(rule.getValue()), tree, path, violations);
            case "properties", "additionalProperties" -> inner(rules, tree, path, violations);
            default -> keeps(word, rule.getValue(), tree);
          };
      if (!keeps && violations.size() == before) {
        violations.add(path + ": " + word);
      }
    }
  }

  private boolean keeps(String word, Object value, YamlTree tree) {
    String limit = String.valueOf(value);
    return switch (word) {
      case "type" -> isOfType(value, tree);
      case "pattern" -> Pattern.compile(limit).matcher(text(tree)).find();
      case "minLength" -> !text(tree).isEmpty();
      case "maxLength" -> text(tree).length() <= Integer.parseInt(limit);
      case "minimum" -> isNumber(tree) && Long.parseLong(text(tree)) >= Long.parseLong(limit);
      case "maximum" -> isNumber(tree) && Long.parseLong(text(tree)) <= Long.parseLong(limit);
      case "minItems", "minProperties" -> size(tree) >= 1;
      case "uniqueItems" -> unique(tree);
      default -> keepsNested(word, value, tree);
    };
  }

  private boolean keepsNested(String word, Object value, YamlTree tree) {
    return switch (word) {
      case "enum" -> ((List<?>) value).stream().anyMatch(e -> ("" + e).equals(text(tree)));
      case "required" -> members(tree).keySet().containsAll((List<?>) value);
      case "anyOf" -> ((List<?>) value).stream().anyMatch(rule -> holds((Map<?, ?>) rule, tree));
      case "not" -> !holds((Map<?, ?>) value, tree);
      case "items" -> items(tree).stream().allMatch(item -> holds((Map<?, ?>) value, item));
      case "propertyNames" ->
          members(tree).keySet().stream()
              .allMatch(key -> holds((Map<?, ?>) value, new Text(SourcePosition.START, key)));
      default -> throw new IllegalStateException("unknown word: " + word);
    };
  }

  private boolean holds(Map<?, ?> rules, YamlTree tree) {
    List<String> violations = new ArrayList<>();
    evaluate(rules, tree, "", violations);
    return violations.isEmpty();
  }

  private boolean refer(String reference, YamlTree tree, String path, List<String> violations) {
    evaluate(at("$defs", reference.substring("#/$defs/".length())), tree, path, violations);
    return true;
  }

  private boolean inner(Map<?, ?> rules, YamlTree tree, String path, List<String> violations) {
    Map<?, ?> known = rules.get("properties") instanceof Map<?, ?> map ? map : Map.of();
    boolean allKnown = true;
    for (Map.Entry<String, YamlTree> member : members(tree).entrySet()) {
      Object rule = known.get(member.getKey());
      rule = rule != null ? rule : rules.get("additionalProperties");
      if (rule instanceof Map<?, ?> map) {
        evaluate(map, member.getValue(), path + "/" + member.getKey(), violations);
      } else {
        allKnown = false;
      }
    }
    return allKnown;
  }

  private static boolean isOfType(Object types, YamlTree tree) {
    for (Object type : types instanceof List<?> list ? list : List.of(types)) {
      boolean is =
          switch (String.valueOf(type)) {
            case "object" -> tree instanceof Section;
            case "array" -> tree instanceof Listing;
            case "string" -> tree instanceof Text;
            case "integer" -> isNumber(tree);
            default -> throw new IllegalStateException("unknown type: " + type);
          };
      if (is) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(YamlTree tree) {
    return text(tree).matches("-?[0-9]{1,18}");
  }

  private static String text(YamlTree tree) {
    return tree instanceof Text text ? text.text() : "";
  }

  private static List<YamlTree> items(YamlTree tree) {
    return tree instanceof Listing listing ? listing.items() : List.of();
  }

  private static int size(YamlTree tree) {
    return tree instanceof Listing listing ? listing.items().size() : members(tree).size();
  }

  private static boolean unique(YamlTree tree) {
    Set<String> seen = new HashSet<>();
    return items(tree).stream().allMatch(item -> seen.add(text(item)));
  }

  private static Map<String, YamlTree> members(YamlTree tree) {
    Map<String, YamlTree> members = new LinkedHashMap<>();
    if (tree instanceof Section section) {
      for (Member member : section.members()) {
        members.put(member.key().text(), member.content());
      }
    }
    return members;
  }

  @Test
  void theTestsOwnReaderRefusesAnUnknownWord() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () ->
                    evaluate(
                        Map.of("contains", "x"),
                        new Text(SourcePosition.START, ""),
                        "",
                        new ArrayList<>())))
        .isInstanceOf(IllegalStateException.class)
        .isNotInstanceOf(SecretException.class);
  }
}
