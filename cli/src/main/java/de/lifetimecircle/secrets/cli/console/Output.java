package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.spi.Json;
import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes results as lines for people or as one line of JSON. Not thread-safe. */
public final class Output {
  private final PrintStream out;
  private final CommandSession session;
  private final List<Object> items = new ArrayList<>();
  private @Nullable Paint paint;
  private @Nullable LocalTimes times;

  /** Creates the output of a session whose options are parsed. */
  Output(CommandSession session) {
    this.session = session;
    this.out = session.terminal.out();
  }

  /** Returns whether {@code --json} was given. */
  public boolean json() {
    return session.json;
  }

  /** Writes the result of a command that ends with 0; see {@link #document(int, Object)}. */
  public void document(Object result) {
    document(ExitCode.OK.code(), result);
  }

  /**
   * Writes a result of maps, lists and texts as one line of JSON, in the envelope of every command:
   * {@code {"command":"list","exitCode":0,"result":[]}}. The schema is docs/cli-output.schema.json.
   */
  public void document(int exitCode, Object result) {
    out.print(Json.write(envelope(exitCode, "result", result)));
    out.print('\n');
  }

  private Map<String, Object> envelope(int exitCode, String key, Object content) {
    return object("command", session.running, "exitCode", exitCode, key, content);
  }

  /**
   * Returns an object of JSON. A constant is written as its word, a path or a time as its text, and
   * an absent value as an empty text.
   *
   * @param members names and values in turn, in the order of the output
   */
  public static Map<String, Object> object(Object... members) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], written(members[i + 1]));
    }
    return object;
  }

  /** Returns an object of JSON with a member for each component of a record, in their order. */
  public static Map<String, Object> object(Record content) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (RecordComponent component : content.getClass().getRecordComponents()) {
      try {
        object.put(component.getName(), written(component.getAccessor().invoke(content)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("a record that is not public", e);
      }
    }
    return object;
  }

  private static Object written(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? written(optional.get()) : "";
    }
    if (value instanceof Enum<?> constant) {
      return OptionWords.of(constant);
    }
    return value instanceof Temporal || value instanceof Path ? value.toString() : value;
  }

  /** Returns a failure in the same envelope. */
  String failure(int exitCode, Map<String, ?> error) {
    return Json.write(envelope(exitCode, "error", error));
  }

  /** Writes a line that ends with a line feed on every system, so that pipes see the same bytes. */
  public void line(String text) {
    out.print(printable(text));
    out.print('\n');
  }

  /** Returns the local times for people. Created on first use: a time zone takes milliseconds. */
  public LocalTimes times() {
    LocalTimes known = times;
    if (known == null) {
      known = LocalTimes.of(session.environment);
      times = known;
    }
    return known;
  }

  private Paint paint() {
    Paint known = paint;
    if (known == null) {
      known = json() ? Paint.NONE : Paint.of(session.color, session.terminal, session.environment);
      paint = known;
    }
    return known;
  }

  /** Writes a line that begins with a word in its colour, padded to that width. */
  public void line(Paint.Tone tone, String word, int width, String text) {
    String gap = " ".repeat(Math.max(0, width - word.length()));
    out.print(paint().word(tone, printable(word)) + gap + printable(text));
    out.print('\n');
  }

  /** Writes a line that begins with the symbol of a tone, or else with the word for it. */
  public void mark(Paint.Tone tone, String word, String text) {
    out.print(paint().mark(tone, printable(word)) + " " + printable(text));
    out.print('\n');
  }

  /**
   * Writes a sentence in lines of at most 80 columns. Commands in it stay in one piece.
   *
   * @param begin the beginning of the first line; the others are set in by its length
   */
  public void sentence(Paint.Tone tone, String begin, String text) {
    String left = paint().word(tone, printable(begin));
    for (String each : LineBreaks.sentence(printable(text), LineBreaks.WIDTH - begin.length())) {
      out.print(left + each + "\n");
      left = " ".repeat(begin.length());
    }
  }

  /** Writes a table. */
  public void table(TextTable table) {
    table.lines(paint()).forEach(text -> out.print(text + "\n"));
  }

  /** Writes the text, or with {@code --json} the document. */
  public void result(String text, Map<String, ?> document) {
    if (json()) {
      document(document);
    } else {
      line(text);
    }
  }

  /**
   * Writes the text of one of several results at once, because a later one may fail; keeps its
   * document for {@link #items}.
   */
  public void item(String text, Map<String, ?> document) {
    items.add(document);
    if (!json()) {
      line(text);
      flush();
    }
  }

  /** Returns the documents of {@link #item} so far. */
  public List<Object> items() {
    return List.copyOf(items);
  }

  /** Writes the documents of {@link #item} as one with {@code --json}, else nothing more. */
  public void items(int exitCode) {
    if (json()) {
      document(exitCode, items());
    }
  }

  /** Writes facts as aligned lines, or with {@code --json} as an object; see {@link #members}. */
  public void facts(Map<String, String> facts) {
    if (json()) {
      document(members(facts));
      return;
    }
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      String key = fact.getKey().replaceFirst(":(?! )", " ");
      line(padded(key + ":", width + 2) + times().within(fact.getValue()));
    }
  }

  /**
   * Returns facts with names for keys: {@code token ends} becomes {@code tokenEnds}. A key such as
   * {@code label:AWSCURRENT} becomes the member {@code AWSCURRENT} of the object {@code label}.
   */
  public static Map<String, Object> members(Map<String, String> facts) {
    Map<String, Object> members = new LinkedHashMap<>();
    Map<String, Map<String, String>> groups = new LinkedHashMap<>();
    facts.forEach(
        (key, value) -> {
          int colon = key.indexOf(':');
          String name = camelCase(colon < 0 ? key : key.substring(0, colon));
          if (colon < 0) {
            members.put(name, value);
          } else {
            Map<String, String> group = groups.computeIfAbsent(name, k -> new LinkedHashMap<>());
            group.put(key.substring(colon + 1), value);
            members.put(name, group);
          }
        });
    return members;
  }

  private static String camelCase(String words) {
    StringBuilder name = new StringBuilder(words.length());
    for (String word : words.split("[ -]+", -1)) {
      name.append(name.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      name.append(word, 1, word.length());
    }
    return name.toString();
  }

  /** Prints a whole text as it is shown, or in a document with one member. */
  public void text(String member, String text, String shown) {
    if (json()) {
      document(Map.of(member, text));
    } else {
      bytes(shown.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes exactly these bytes. */
  public void bytes(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Shows what is written by now. A lost line stops no work that is half done; {@link #finish}
   * reports it at the end.
   */
  public void flush() {
    out.flush();
  }

  /**
   * Flushes everything that was written.
   *
   * @throws CommandFailure if the system did not accept it; a lost result must not look like
   *     success. The failure is silent if the reader of a pipe has seen enough, as {@code head} has
   */
  public void finish() {
    if (out.checkError()) {
      throw session.terminal.readerHasGone()
          ? CommandFailure.readerGone()
          : CommandFailure.internal(
              "Cannot write to standard output: the disk is full, or the device rejects it.");
    }
  }

  /** Returns the text with spaces up to that width; a longer text is returned unchanged. */
  public static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  /**
   * Returns the text with '?' for each control and format character, because text from a backend
   * must not move the cursor, recolour the terminal or reverse the direction of writing.
   */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      shown.append(control || Character.getType(c) == Character.FORMAT ? '?' : c);
    }
    return shown.toString();
  }
}
