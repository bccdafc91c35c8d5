package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Renames a secret in the text of an inventory: its key, its gaps in templates, and the user of an
 * alternate rotation. Comments and layout stay. Used once, by one thread; does no I/O.
 */
public final class RenamedInventory {
  private record Edit(int from, int to, String text) {}

  private final Inventory before;
  private final String from;
  private final String to;
  private final String text;
  private final List<Edit> edits = new ArrayList<>();
  private final NavigableSet<Integer> keys = new TreeSet<>();

  private RenamedInventory(Inventory before, String from, String to) {
    this.before = before;
    this.from = from;
    this.to = to;
    this.text = before.text();
  }

  /**
   * Returns the inventory with the other name.
   *
   * @throws SecretException {@code CONFIGURATION} if the old name is unknown, or the new one is
   *     malformed or in use, or the text has a form that only a person can change
   */
  public static Inventory of(Inventory inventory, String from, String to) {
    if (!inventory.names().contains(from)) {
      throw failure(from, "the inventory has no secret of that name", "Name one that it has");
    }
    if (!InventorySchema.ROOT.at("secrets").names().takes(to)
        || !PendingNames.secretOf(to).isEmpty()) {
      throw failure(
          from,
          "the new name has another form than names of secrets",
          "Use segments of letters, digits, '_' and '-', divided by '/', without '-pending' at the"
              + " end");
    }
    if (inventory.names().contains(to)) {
      throw failure(from, "the inventory already has '" + to + "'", "Choose another name");
    }
    return new RenamedInventory(inventory, from, to).renamed();
  }

  private static SecretException failure(String name, String reason, String advice) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "rename secret")
        .name(name)
        .reason(reason)
        .advice(advice)
        .build();
  }

  private Inventory renamed() {
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    YamlTree root = YamlFile.read(plain, new InventoryMistakes(before.source()));
    member(root, "secrets").ifPresent(this::secrets);
    StringBuilder changed = new StringBuilder(text);
    edits.sort(Comparator.comparingInt(Edit::from).reversed());
    edits.forEach(edit -> changed.replace(edit.from(), edit.to(), edit.text()));
    Inventory after;
    try {
      after = Inventory.parse(changed.toString(), before.source());
    } catch (SecretException e) {
      throw byHand();
    }
    if (!after.names().equals(before.names().stream().map(this::name).toList())
        || !partsOf(after).equals(partsOf(before).stream().map(this::names).toList())) {
      throw byHand();
    }
    return after;
  }

  private SecretException byHand() {
    return failure(
        from,
        "the inventory writes the name in a form that this command cannot change",
        "Change its key, templates and 'alternate' by hand; '"
            + before.command("check", before.environments().get(0))
            + "' finds what is left");
  }

  private String name(String name) {
    return name.equals(from) ? to : name;
  }

  private List<String> names(List<String> names) {
    return names.stream().map(this::name).toList();
  }

  private static List<List<String>> partsOf(Inventory inventory) {
    List<List<String>> all = new ArrayList<>();
    for (ServiceEnvironment environment : inventory.environments()) {
      for (InventorySecret secret : inventory.secrets(environment)) {
        List<String> parts = new ArrayList<>(secret.parts());
        parts.add(secret.name());
        all.add(parts);
      }
    }
    return all;
  }

  private void secrets(YamlTree tree) {
    for (Member secret : members(tree)) {
      keys.add(offset(secret.key()));
      members(secret.content()).forEach(field -> keys.add(offset(field.key())));
    }
    for (Member secret : members(tree)) {
      if (secret.key().text().equals(from)) {
        replace(secret.key());
      }
      member(secret.content(), "template").ifPresent(this::template);
      member(secret.content(), "rotation")
          .flatMap(rotation -> member(rotation, "alternate"))
          .flatMap(alternate -> member(alternate, "user"))
          .filter(user -> user instanceof Text name && name.text().equals(from))
          .ifPresent(user -> replace((Text) user));
    }
  }

  /** Replaces the gaps between the beginning of a template and the next key. */
  private void template(YamlTree tree) {
    String gap = "{" + from + "}";
    if (tree instanceof Text template) {
      Integer end = keys.higher(offset(template));
      int at = text.indexOf(gap, offset(template));
      while (at >= 0 && (end == null || at < end)) {
        edits.add(new Edit(at + 1, at + 1 + from.length(), to));
        at = text.indexOf(gap, at + gap.length());
      }
    }
  }

  private void replace(Text name) {
    int at = offset(name);
    at += "\"'".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
    if (!text.startsWith(from, at)) {
      throw byHand();
    }
    edits.add(new Edit(at, at + from.length(), to));
  }

  private static List<Member> members(@Nullable YamlTree tree) {
    return tree instanceof Section section ? section.members() : List.of();
  }

  private static Optional<YamlTree> member(@Nullable YamlTree tree, String key) {
    return members(tree).stream()
        .filter(each -> each.key().text().equals(key))
        .map(Member::content)
        .findFirst();
  }

  private int offset(YamlTree tree) {
    return text.offsetByCodePoints(text.startsWith("\ufeff") ? 1 : 0, tree.place().index());
  }
}
