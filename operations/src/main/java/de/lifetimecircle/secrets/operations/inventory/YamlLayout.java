package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.events.CommentEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Formats a YAML inventory: keys in their usual order, comments with their keys. The text was read
 * as an inventory before, so its size and depth are limited and it has no alias. Stateless.
 */
final class YamlLayout {
  private static final LoadSettings READ =
      LoadSettings.builder().setParseComments(true).setCodePointLimit(YamlFile.LONGEST).build();
  private static final DumpSettings WRITE =
      DumpSettings.builder()
          .setDumpComments(true)
          .setIndent(2)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .setWidth(1000)
          .setSplitLines(false)
          .build();

  /** The library indents empty lines. */
  private static final Pattern INDENTED_NOTHING = Pattern.compile("(?m)^ +$");

  private YamlLayout() {}

  static String tidy(String text, String source) {
    String tidy = laidOut(text, source);
    // The library writes the layout: verify that no comment is lost in rare forms.
    if (!contents(tidy).equals(contents(text)) || !laidOut(tidy, source).equals(tidy)) {
      throw misplaced(source, "a comment is at a place where it would get lost or move");
    }
    return tidy;
  }

  private static String laidOut(String text, String source) {
    try {
      Node root = new Compose(READ).composeString(text).orElseThrow();
      order(root, InventorySchema.ROOT);
      List<Event> events = new Serialize(WRITE).serializeOne(root);
      String written = new Present(WRITE).emitToString(events.iterator());
      return INDENTED_NOTHING.matcher(written).replaceAll("").stripTrailing() + "\n";
    } catch (YamlEngineException e) {
      // Not as a cause, because its message quotes the file.
      throw misplaced(source, "the YAML library does not accept its comments");
    }
  }

  private static SecretException misplaced(String source, String reason) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "tidy the inventory")
        .name(source)
        .reason(reason)
        .advice("Put each comment on a line of its own above its key")
        .build();
  }

  /** Returns every comment and text, sorted, because keys move with theirs. */
  private static List<String> contents(String text) {
    List<String> contents = new ArrayList<>();
    for (Event event : new Parse(READ).parseString(text)) {
      if (event instanceof CommentEvent comment
          && comment.getCommentType() != CommentType.BLANK_LINE) {
        contents.add("#" + comment.getValue().strip());
      } else if (event instanceof ScalarEvent scalar) {
        contents.add(scalar.getValue());
      }
    }
    contents.sort(Comparator.naturalOrder());
    return contents;
  }

  private static void order(Node node, InventorySchema schema) {
    if (!(node instanceof MappingNode mapping)) {
      return;
    }
    List<String> keys = schema.keys();
    List<NodeTuple> lines = new ArrayList<>(mapping.getValue());
    lines.sort(Comparator.comparingInt(line -> keys.indexOf(key(line))));
    mapping.setValue(lines);
    lines.forEach(line -> order(line.getValueNode(), schema.at(key(line))));
  }

  private static String key(NodeTuple line) {
    return line.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
  }
}
