package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources of the configuration and lets the nearest win: builder, system property,
 * environment, file, class path.
 */
public final class ConfigSources {
  private static final String RESOURCE = "secrets.properties";

  /** System properties have it before a key, and so does Spring's file; files of ours do not. */
  static final String PROPERTY_PREFIX = "secrets.";

  private static final String VARIABLE_PREFIX = "SECRETS_";

  /** The key of the file, in code and with the prefixes; not a setting itself. */
  private static final String FILE_KEY = "config";

  private static final String FILE_PROPERTY = PROPERTY_PREFIX + FILE_KEY;

  private static final String FILE_VARIABLE = "SECRETS_CONFIG";

  /** The contract's servers are named by these; see the guide to writing a provider. */
  private static final String TEST_VARIABLES = "SECRETS_TEST_";

  /** Settings that the starter for Spring Boot reads under the same prefix, by Boot's rules. */
  private static final String OF_FRAMEWORKS =
      "(?i)require(-?placeholders|\\[\\d+\\])?|(ssl|datasource)[.\\[].*";

  /** A rule that a team expects to hold must not be ignored. */
  private static final String RULE = "VALIDATE_";

  /** Editors on Windows begin a file in UTF-8 with it. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** A value that was set in code, and where the code has it from. */
  public record Given(@Nullable String value, String source) {
    @Override
    public String toString() {
      return "Given[redacted, from " + source + "]";
    }
  }

  private final Map<String, Setting> found = new LinkedHashMap<>();
  private final ConfigProblems problems;
  private final Map<String, String> environment;
  private final Extensions extensions;

  /** The keys that can be set in this environment, by their variables. */
  private final Map<String, String> keys = new LinkedHashMap<>();

  ConfigSources(ConfigProblems problems, Map<String, String> environment, Extensions extensions) {
    this.problems = problems;
    this.environment = environment;
    this.extensions = extensions;
  }

  /**
   * Each key as it was set. Reads all sources, the strongest first; a later source does not replace
   * a key.
   */
  Map<String, Setting> read(Map<String, Given> inCode) {
    for (Map.Entry<String, Given> each : inCode.entrySet()) {
      putGiven(each.getKey(), each.getValue());
    }
    readSystemProperties();
    readEnvironment();
    Given fileInCode = inCode.get(FILE_KEY);
    String file = System.getProperty(FILE_PROPERTY);
    String fileOfEnvironment = environment.get(FILE_VARIABLE);
    if (fileInCode != null && fileInCode.value() != null) {
      readFile(fileInCode.value(), fileInCode.source());
    } else if (file != null) {
      readFile(file, "system property " + FILE_PROPERTY);
    } else if (fileOfEnvironment != null) {
      readFile(fileOfEnvironment, "environment " + FILE_VARIABLE);
    }
    readClassPath();
    reportMistypedVariables();
    return Collections.unmodifiableMap(found);
  }

  private void putGiven(String key, Given given) {
    if (given.value() == null) {
      problems.add(
          key + ": null in " + given.source() + " (expected: a value; is its origin set?)");
    } else if (!key.equals(FILE_KEY)) {
      put(key, given.value(), given.source());
    }
  }

  private void put(String key, String value, String source) {
    found.putIfAbsent(key, new Setting(key, value.strip(), source));
  }

  private void readSystemProperties() {
    Properties properties = System.getProperties();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      String key = name.startsWith(PROPERTY_PREFIX) ? name.substring(PROPERTY_PREFIX.length()) : "";
      if (!key.isEmpty() && !name.equals(FILE_PROPERTY) && !key.matches(OF_FRAMEWORKS)) {
        put(key, properties.getProperty(name), "system property " + name);
      }
    }
  }

  private void readEnvironment() {
    addVariables(Extensions.OWN.keySet());
    NavigableSet<String> others = unknownVariables();
    for (String owner : others.isEmpty() ? Set.<String>of() : extensions.owners()) {
      String start = variable(owner + ".");
      String next = others.ceiling(start);
      if (next != null && next.startsWith(start)) {
        addVariables(extensions.keysOf(owner).keySet());
      }
    }
    for (Map.Entry<String, String> each : keys.entrySet()) {
      String variable = each.getKey();
      String value = environment.get(variable);
      if (value != null && !KubernetesServiceVariables.containWithLink(environment, variable)) {
        put(each.getValue(), value, "environment " + variable);
      }
    }
  }

  private void addVariables(Set<String> known) {
    for (String key : known) {
      keys.put(variable(key), key);
    }
  }

  private NavigableSet<String> unknownVariables() {
    NavigableSet<String> unknown = new TreeSet<>();
    for (String name : environment.keySet()) {
      if (name.startsWith(VARIABLE_PREFIX)
          && !keys.containsKey(name)
          && !name.equals(FILE_VARIABLE)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /**
   * Reports variables that are near a known one and therefore mistyped, and rules. Others that
   * begin alike are left alone, and so are those that Kubernetes sets.
   */
  private void reportMistypedVariables() {
    for (String name : unknownVariables()) {
      if (name.startsWith(TEST_VARIABLES)
          || KubernetesServiceVariables.contain(environment, name)) {
        continue;
      }
      String rest = name.substring(VARIABLE_PREFIX.length());
      if (rest.startsWith(RULE)) {
        problems.add(
            "environment "
                + name
                + ": a rule cannot be a variable, which cannot spell the name of a secret"
                + " (expected: validate.NAME.RULE in a file or as a system property)");
        continue;
      }
      String near = NearestName.of(rest, allVariables()).orElse(null);
      // FILE and PATH are as near to IDLE and PUSH as a typing mistake, and are other programs'.
      if (near != null && near.length() > 4 && Math.abs(near.length() - rest.length()) <= 2) {
        String meant = VARIABLE_PREFIX + near;
        problems.add("environment " + name + ": unknown; did you mean '" + meant + "'?");
      }
    }
  }

  /** Every variable that could be set, without the prefix. */
  private List<String> allVariables() {
    List<String> all = new ArrayList<>(List.of(FILE_VARIABLE.substring(VARIABLE_PREFIX.length())));
    for (String key : extensions.keys().keySet()) {
      all.add(variable(key).substring(VARIABLE_PREFIX.length()));
    }
    return all;
  }

  private static String variable(String key) {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private void readFile(String name, String namedBy) {
    try {
      Path path = Path.of(name);
      try (InputStream in = Files.newInputStream(path)) {
        readProperties(in, "file " + path);
      }
    } catch (NoSuchFileException e) {
      problems.add(namedBy + ": " + name + " (expected: a file that exists)");
    } catch (InvalidPathException e) {
      problems.add(namedBy + ": " + name + " (expected: a path)");
    } catch (IOException e) {
      problems.add(namedBy + ": " + name + " (expected: a readable file in UTF-8)");
    }
  }

  /** Reads a file in UTF-8, with or without a byte order mark. */
  private void readProperties(InputStream in, String source) throws IOException {
    byte[] bytes = in.readAllBytes();
    // A decoder that is not made from a charset's name fails on bytes that are no UTF-8.
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(1);
    }
    List<String> lines = text.lines().toList();
    UniqueProperties properties = new UniqueProperties();
    try {
      properties.load(new StringReader(text));
    } catch (IllegalArgumentException e) { // its text may quote the file
      problems.add(source + ": malformed \\u escape (expected: four hexadecimal digits)");
      return;
    }
    for (String key : properties.repeated) {
      problems.add(
          key
              + ": more than once in "
              + at(source, lines, key)
              + " (expected: one line for each key)");
    }
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      put(key, properties.getProperty(key), at(source, lines, key));
    }
  }

  /** Returns the source with the line of a key; without, if the key is written with escapes. */
  private static String at(String source, List<String> lines, String key) {
    Pattern start = Pattern.compile("\\s*" + Pattern.quote(key) + "(\\s*[=:].*|\\s.*|)");
    for (int i = 0; i < lines.size(); i++) {
      if (start.matcher(lines.get(i)).matches()) {
        return source + ", line " + (i + 1);
      }
    }
    return source;
  }

  /** Properties that note which keys a file has more than once; else the last line wins unseen. */
  private static final class UniqueProperties extends Properties {
    private static final long serialVersionUID = 1L;

    private final transient Set<String> repeated = new TreeSet<>();

    @Override
    public synchronized @Nullable Object put(Object key, Object value) {
      Object before = super.put(key, value);
      if (before != null) {
        repeated.add((String) key);
      }
      return before;
    }
  }

  private void readClassPath() {
    try {
      List<URL> all = List.copyOf(ServiceDiscovery.resources(RESOURCE));
      if (all.size() > 1) {
        problems.add("class path: " + RESOURCE + " is there more than once: " + all);
      } else if (!all.isEmpty()) {
        try (InputStream in = all.get(0).openStream()) {
          readProperties(in, "class path " + RESOURCE);
        }
      }
    } catch (CharacterCodingException e) {
      problems.add("class path: " + RESOURCE + " (expected: a file in UTF-8)");
    } catch (IOException e) {
      problems.add("class path: " + RESOURCE + " cannot be read");
    }
  }
}
