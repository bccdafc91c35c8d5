package de.lifetimecircle.secrets.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The messages in the sources that name a command of this program: texts, sums of texts and lines
 * of templates, in which {@link #HOLE} stands for what is only known at run time. Left out are help
 * texts, which are annotations, and the examples in the help, each of which {@code HelpTest} gives
 * to the parser.
 */
final class SourceMessages {
  static final String HOLE = "\u2026";

  /** Begins a command that a method puts together, often in quotes. */
  private static final String MADE = "\u2039";

  private static final List<String> MODULES =
      List.of(
          "api",
          "agent",
          "audit-log",
          "cli",
          "decision",
          "operations",
          "remote-store",
          "aws-provider",
          "azure-provider",
          "file-gpg-provider",
          "vault-provider",
          "integrations");

  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\n]*|/\\*.*?\\*/|\"\"\"(?<block>.*?)\"\"\"|\"(?<text>(?:[^\"\\\\\n]++|\\\\.)*+)\""
              + "|'(?:[^'\\\\]|\\\\.)++'|(?<word>[A-Za-z_$][\\w$]*+)|->|::|[-+*/=!<>&|]=|&&"
              + "|\\|\\||\\S",
          Pattern.DOTALL);

  /** An expression of a template. */
  private static final Pattern EXPRESSION = Pattern.compile("\\$(?:unsafe)?\\{([^{}]*)}");

  private static final Set<String> ENDS =
      Set.of(",", ";", ")", "?", ":", "->", "]", "}", "==", "!=", "&&", "||", "{");
  private static final Set<String> BEGINS =
      Set.of("(", ",", "=", "?", ":", "->", "{", ";", "+=", "}", "return");

  /** Methods that put a command together from its words. */
  private static final Set<String> MAKERS =
      Set.of("command", "commandOnAll", "open", "rotate", "storeCommand");

  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<!vault |<!-- )\\bsecrets ((?:"
              + String.join("|", CommandTable.names())
              + "|agent(?!:))(?![a-z-])|"
              + HOLE
              + ")");

  /** The texts below a folder, which two tests read. */
  private static final Map<Path, List<Message>> READ = new ConcurrentHashMap<>();

  private SourceMessages() {}

  /** A message with the class, or the file, that has it. */
  record Message(String source, String text) {
    /** Returns what names the message in a list of exceptions. */
    String key() {
      String line = text.replace(MADE, "").replace('\n', ' ').strip();
      String begin = line.length() > 100 ? line.substring(0, 100) : line;
      return source + ": " + begin.replaceAll("\\s+", " ").strip();
    }

    /** Returns whether the printed texts have each of its lines with a command. */
    boolean isIn(Collection<String> printed) {
      List<String> lines =
          text.lines().filter(line -> COMMAND.matcher(line).find()).map(String::strip).toList();
      return text.indexOf('\n') < 0
          ? isIn(text, printed)
          : lines.stream().allMatch(line -> isIn(line, printed));
    }

    private static boolean isIn(String line, Collection<String> printed) {
      String pattern =
          Stream.of(
                  line.replace("%s", HOLE)
                      .split("(?=[" + HOLE + MADE + "])|(?<=[" + HOLE + MADE + "])"))
              .map(
                  part -> part.equals(HOLE) ? ".*" : part.equals(MADE) ? "'?" : Pattern.quote(part))
              .collect(Collectors.joining());
      Pattern sought = Pattern.compile(pattern);
      return printed.stream().anyMatch(each -> sought.matcher(each).find());
    }
  }

  /** A token of Java; a text without its quotes. */
  private record Token(String text, boolean isText) {
    boolean is(String other) {
      return !isText && text.equals(other);
    }

    boolean isOneOf(Set<String> others) {
      return !isText && others.contains(text);
    }
  }

  /** Returns every message of the modules below a folder that names a command, once a class. */
  static List<Message> below(Path root) throws IOException {
    return below(root, Sums::isAdvice);
  }

  /** Returns every text of the modules below a folder that has this form, once a class. */
  static List<Message> below(Path root, Predicate<String> form) throws IOException {
    return READ.computeIfAbsent(root, SourceMessages::all).stream()
        .filter(message -> form.test(message.text()))
        .toList();
  }

  private static List<Message> all(Path root) {
    try {
      return read(root, text -> text.length() > 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Message> read(Path root, Predicate<String> form) throws IOException {
    Map<String, Message> found = new LinkedHashMap<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(root.resolve(module))) {
        for (Path file : files.filter(SourceMessages::isSource).sorted().toList()) {
          for (Message message : in(file, form)) {
            found.putIfAbsent(message.source() + "\n" + message.text(), message);
          }
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static boolean isSource(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.contains("/src/main/")
        && !path.contains("/tests/applications/")
        && !path.endsWith("/CommandTable.java")
        && (path.endsWith(".java") || path.endsWith("_en.properties") || path.endsWith(".jte"));
  }

  private static List<Message> in(Path file, Predicate<String> form) {
    String text = read(file);
    String name = file.getFileName().toString();
    if (name.endsWith(".properties")) {
      return text.lines()
          .filter(form)
          .map(line -> line.substring(line.indexOf('=') + 1).strip())
          .map(line -> line.replaceAll("\\{[^}]*}", HOLE).replace("''", "'"))
          .map(line -> new Message(name, line))
          .toList();
    }
    if (name.endsWith(".jte")) {
      return template(file.getParent().getFileName() + "/" + name, text, form);
    }
    String source = name.substring(0, name.length() - ".java".length());
    return new Sums(tokens(text)).messages(source, form);
  }

  /** Returns the lines that a template writes, and the texts in its expressions. */
  private static List<Message> template(String source, String text, Predicate<String> form) {
    String content = text.replaceAll("(?s)<%--.*?--%>", "").replaceAll("@raw|@endraw", "");
    List<Message> found = new ArrayList<>();
    content
        .lines()
        .filter(line -> !line.matches("\\s*(?:@(?:import|param|if|else|elseif|for|end).*|!\\{.*)"))
        .map(line -> EXPRESSION.matcher(line).replaceAll(HOLE).strip())
        .filter(form)
        .forEach(line -> found.add(new Message(source, line)));
    Matcher expression = EXPRESSION.matcher(content);
    while (expression.find()) {
      found.addAll(new Sums(tokens("=" + expression.group(1) + ";")).messages(source, form));
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String block = matcher.group("block");
      String literal = matcher.group("text");
      if (block != null) {
        tokens.add(new Token(block, true));
      } else if (literal != null) {
        String known = literal.replaceAll("\\\\u+[0-9a-fA-F]{4}", "?");
        tokens.add(new Token(known.translateEscapes().replaceAll("%[sd]", HOLE), true));
      } else if (!matcher.group().startsWith("//") && !matcher.group().startsWith("/*")) {
        tokens.add(new Token(matcher.group(), false));
      }
    }
    return tokens;
  }

  /** Reads expressions as sums of texts. */
  private static final class Sums {
    private final List<Token> tokens;
    private int at;

    Sums(List<Token> tokens) {
      this.tokens = tokens;
    }

    List<Message> messages(String source, Predicate<String> form) {
      List<Message> found = new ArrayList<>();
      for (int i = 0; i + 1 < tokens.size(); i++) {
        if (tokens.get(i).is("@") && tokens.get(Math.min(i + 2, tokens.size() - 1)).is("(")) {
          i = end(i + 2) - 1; // an annotation
        } else if (tokens.get(i).isOneOf(BEGINS)) {
          at = i + 1;
          String sum = sum();
          if (form.test(sum)) {
            found.add(new Message(source, sum));
          }
        }
      }
      return found;
    }

    /** Leaves out what is only a command of which nothing is known, as in the makers themselves. */
    private static boolean isAdvice(String sum) {
      Matcher command = COMMAND.matcher(sum);
      while (command.find()) {
        boolean known = !command.group(1).equals(HOLE);
        if (known || sum.replace("secrets", "").matches("(?s).*[a-z]{3}.*")) {
          return true;
        }
      }
      return false;
    }

    private String sum() {
      StringBuilder sum = new StringBuilder(part());
      while (at < tokens.size() && tokens.get(at).is("+")) {
        at++;
        sum.append(part());
      }
      return sum.toString().replaceAll(HOLE + "+", HOLE);
    }

    private String part() {
      if (at < tokens.size() && tokens.get(at).isText()) {
        boolean whole = at + 1 >= tokens.size() || !tokens.get(at + 1).is(".");
        if (whole) {
          return tokens.get(at++).text();
        }
      }
      int call = -1;
      while (at < tokens.size() && !tokens.get(at).isOneOf(ENDS) && !tokens.get(at).is("+")) {
        Token token = tokens.get(at);
        if (token.is("(") || token.is("[")) {
          call = token.is("(") ? at : -1;
          at = end(at);
        } else {
          call = token.is(".") ? call : -1;
          at++;
        }
      }
      return call > 0 ? made(call) : HOLE;
    }

    /** Returns the command that a call makes, if it makes one. */
    private String made(int call) {
      int after = at;
      String name = tokens.get(call - 1).text();
      if (!MAKERS.contains(name) || tokens.get(call + 1).is(")")) {
        return HOLE;
      }
      String words = HOLE;
      for (int i = call; i < end(call) - 2; i++) {
        if (tokens.get(i).is("RotateAction") && tokens.get(i + 1).is(".")) {
          words = "rotate " + tokens.get(i + 2).text().toLowerCase(Locale.ROOT) + HOLE;
        }
      }
      if (words.equals(HOLE)) {
        at = call + 1;
        words = name.equals("rotate") ? "rotate " : name.equals("open") ? "" : sum();
        at = after;
      }
      return words.isEmpty() ? HOLE : MADE + "secrets " + words + HOLE;
    }

    /** Returns the place after the bracket that closes this one. */
    private int end(int open) {
      int depth = 0;
      int i = open;
      for (; i < tokens.size(); i++) {
        depth += tokens.get(i).isOneOf(Set.of("(", "[", "{")) ? 1 : 0;
        depth -= tokens.get(i).isOneOf(Set.of(")", "]", "}")) ? 1 : 0;
        if (depth == 0) {
          return i + 1;
        }
      }
      return i;
    }
  }
}
