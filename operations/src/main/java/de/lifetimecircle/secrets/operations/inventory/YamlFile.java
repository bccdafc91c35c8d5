package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Listing;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML file into a {@link YamlTree}. The only class that reads events of the YAML
 * library.
 *
 * <p>It accepts the part of YAML that does not surprise people: no anchor, alias or tag, one
 * document, plain text for every scalar. So no small file can expand into a large one, and none can
 * name a type to instantiate. Any other file causes a mistake with its position, never an exception
 * of the library, whose messages quote the file.
 */
final class YamlFile {
  /** Far more than an inventory of a thousand secrets needs. */
  static final int LONGEST = 1024 * 1024;

  /** An inventory has five levels; the reader recurses once for each. */
  static final int DEEPEST = 16;

  /** Our own text: the library's messages quote the file. */
  private static final String NOT_YAML =
      "not YAML from here on: an unclosed quote or bracket, another indentation than above, or a"
          + " sign that needs quotes";

  private final InventoryMistakes mistakes;
  private final Iterator<Event> events;
  private final boolean empty;
  private int depth;

  private YamlFile(String text, InventoryMistakes mistakes) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(LONGEST).setMaxAliasesForCollections(0).build();
    this.mistakes = mistakes;
    this.empty = text.isEmpty();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Returns the content of the file.
   *
   * @throws SecretException as {@link InventoryMistakes#throwIfAny}, if it is not YAML
   */
  static YamlTree read(String text, InventoryMistakes mistakes) {
    if (text.length() > LONGEST) {
      mistakes.add(SourcePosition.START, "the file is longer than 1 MiB");
      throw mistakes.failure();
    }
    try {
      return new YamlFile(text, mistakes).document();
    } catch (MarkedYamlEngineException e) {
      SourcePosition place = place(e.getProblemMark().or(e::getContextMark));
      mistakes.add(place, NOT_YAML);
    } catch (ReaderException e) {
      mistakes.add(placeOf(text, e.getPosition()), "a character that YAML does not take");
    } catch (YamlEngineException e) {
      mistakes.add(SourcePosition.START, NOT_YAML);
    }
    throw mistakes.failure();
  }

  private static SourcePosition placeOf(String text, int position) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      column = text.charAt(i) == '\n' ? 1 : column + 1;
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return new SourcePosition(line, column, position);
  }

  private static SourcePosition place(Mark mark) {
    return new SourcePosition(mark.getLine() + 1, mark.getColumn() + 1, mark.getIndex());
  }

  private static SourcePosition place(Optional<Mark> mark) {
    return mark.map(YamlFile::place).orElse(SourcePosition.START);
  }

  private YamlTree document() {
    YamlTree root = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (root != null) {
            mistakes.add(
                place(event.getStartMark()), "a second document; one file holds one inventory");
            return root;
          }
        }
        default -> root = tree(event);
      }
    }
    if (root == null) {
      mistakes.add(
          SourcePosition.START,
          empty
              ? "the file is empty; '"
                  + Inventory.beginning(mistakes.file())
                  + "' writes one to begin with"
              : "the file has no key; an inventory has at least version, service and secrets");
      throw mistakes.failure();
    }
    return root;
  }

  private YamlTree tree(Event event) {
    SourcePosition place = place(event.getStartMark());
    refuseOddities(event, place);
    if (event instanceof CollectionStartEvent) {
      if (++depth > DEEPEST) {
        mistakes.add(place, "nested deeper than " + DEEPEST + " levels");
        throw mistakes.failure();
      }
      YamlTree read = event.getEventId() == Event.ID.MappingStart ? section(place) : listing(place);
      depth--;
      return read;
    }
    if (event instanceof ScalarEvent scalar) {
      return new Text(place, isNull(scalar) ? "" : scalar.getValue());
    }
    return new Text(place, "");
  }

  private void refuseOddities(Event event, SourcePosition place) {
    Optional<String> tag = Optional.empty();
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof CollectionStartEvent collection) {
      tag = collection.getTag();
    }
    if (tag.isPresent()) {
      mistakes.add(place, "a tag ('!...'), which an inventory does not take; write the plain text");
    }
    if (event instanceof AliasEvent) {
      mistakes.add(place, "an alias ('*...'), which an inventory does not take; write it out");
    } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      mistakes.add(place, "an anchor ('&...'), which an inventory does not take; write it out");
    }
  }

  /** Returns whether YAML reads the scalar as null. */
  private static boolean isNull(ScalarEvent scalar) {
    return scalar.isPlain() && (scalar.getValue().equals("~") || scalar.getValue().equals("null"));
  }

  private Listing listing(SourcePosition place) {
    List<YamlTree> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(tree(event));
      event = events.next();
    }
    return new Listing(place, items);
  }

  private Section section(SourcePosition place) {
    List<Member> members = new ArrayList<>();
    Map<String, SourcePosition> seen = new HashMap<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      YamlTree key = tree(event);
      YamlTree content = tree(events.next());
      if (key instanceof Text text) {
        SourcePosition earlier = seen.putIfAbsent(text.text(), text.place());
        if (earlier == null) {
          members.add(new Member(text, content));
        } else {
          mistakes.add(
              text.place(), "the same key as in line " + earlier.line() + "; keep one of the two");
        }
      } else {
        mistakes.add(key.place(), key.word() + " as a key; expected: a text");
      }
      event = events.next();
    }
    return new Section(place, members);
  }
}
