package de.lifetimecircle.secrets.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a secret shows anywhere: a test hands out a value that no other text has, lets
 * the service work with it, and the probe then looks for it where it must not be.
 *
 * <pre>{@code
 * try (LeakProbe probe = LeakProbe.start()) {
 *   String password = probe.canary("db password");
 *   service.connectWith(password);
 *   probe.look("health answer", service.health());
 *   probe.assertClean();
 * }
 * }</pre>
 *
 * <p>The probe listens to the logs (every level of the JDK's logging backend) and to standard
 * output and error, and reads the command lines of processes and the environments of child
 * processes. It checks objects, exceptions (with their causes and suppressed exceptions), metric
 * tags and folders when the test asks for it. It finds a value in plain text, in Base64 at any
 * alignment, in hex, percent-encoded, escaped for JSON, as lists of bytes or characters, as a
 * digest, and in parts of eight characters or more, of twelve if it has hexadecimal digits only;
 * for a canary, it also finds the length. A report says where the value was, never the value.
 *
 * <p>Safe for use by several threads. Output and log levels belong to the whole process, so one
 * probe at a time; {@link #close} puts them back.
 */
@OutsideTheRules
public final class LeakProbe implements AutoCloseable {
  // The JDK's HTTP client logs the sizes of its buffers there, one of which is any length by
  // chance.
  private static final String OF_BUFFERS = "jdk.internal.httpclient.";

  private static final int DEEPEST = 8;

  private final List<SecretTraces> needles = new CopyOnWriteArrayList<>();
  private final Set<LeakFinding> leaks = Collections.synchronizedSet(new LinkedHashSet<>());
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final LogTap log;
  private final OutputTap output;

  /** A log text, kept until the end: a secret may be named to the probe after it was logged. */
  private record Heard(System.Logger.Level level, String logger, Object said) {
    String place() {
      return "log at " + level;
    }
  }

  private LeakProbe() {
    this.output = OutputTap.open();
    // Loads the class before the first record. The JDK logs certificates while it holds the lock of
    // a signed jar; a class that is loaded then waits for a thread that waits for that jar.
    var unused = new Heard(System.Logger.Level.ALL, "", "");
    this.log = LogTap.open((level, logger, said) -> heard.add(new Heard(level, logger, said)));
  }

  /** Starts to listen. */
  public static LeakProbe start() {
    return new LeakProbe();
  }

  /**
   * A new value to hand out as a secret.
   *
   * @param label what a report calls it
   */
  public String canary(String label) {
    String canary = CanaryValue.next();
    needles.add(SecretTraces.ofCanary(label, canary));
    return canary;
  }

  /**
   * Looks for a secret that the probe did not make, of eight characters or more. Eight of them in a
   * row must be in no other text: a password of words is found in the command lines of programs
   * that have nothing to do with it, such as {@code -secret-} in {@code --export-secret-keys}.
   *
   * @param label what a report calls it
   */
  public LeakProbe watch(String label, String secret) {
    if (secret.length() < SecretTraces.PART) {
      throw new IllegalArgumentException(
          "secret: too short to be found (expected: >= " + SecretTraces.PART + " characters)");
    }
    needles.add(SecretTraces.of(label, secret));
    return this;
  }

  /**
   * Checks the visible parts of an object: its text, its serialized form, its elements; for an
   * exception, everything attached to it.
   *
   * @param channel the report's name for the place: {@code event}, {@code metric tag} …
   */
  public LeakProbe look(String channel, @Nullable Object object) {
    look(channel, object, Collections.newSetFromMap(new IdentityHashMap<>()), DEEPEST);
    return this;
  }

  private void look(String channel, @Nullable Object object, Set<Object> seen, int depth) {
    if (object == null || depth == 0 || !seen.add(object)) {
      return;
    }
    String where = object.getClass().getName();
    search(channel, where, text(object));
    if (object instanceof Throwable thrown) {
      search(channel, where, thrown.getMessage() + "\n" + thrown.getLocalizedMessage());
      look(channel, thrown.getCause(), seen, DEEPEST);
      for (Throwable suppressed : thrown.getSuppressed()) {
        look(channel, suppressed, seen, DEEPEST);
      }
    } else if (object instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            look(channel, key, seen, depth - 1);
            look(channel, value, seen, depth - 1);
          });
    } else if (object instanceof Iterable<?> many && !(object instanceof Path)) {
      many.forEach(each -> look(channel, each, seen, depth - 1));
    } else if (object instanceof Object[] array) {
      Arrays.stream(array).forEach(each -> look(channel, each, seen, depth - 1));
    }
    if (object instanceof Serializable serializable) {
      search("serialized " + channel, where, serialized(serializable));
    }
  }

  private static String text(Object object) {
    if (object instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    if (object instanceof char[] characters) {
      return new String(characters);
    }
    try {
      return String.valueOf(object);
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String serialized(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (NotSerializableException e) {
      // The probe still checks the output that was written before the end.
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException | RuntimeException e) {
      return bytes.toString(StandardCharsets.ISO_8859_1) + e.getMessage();
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Looks at the command lines of all processes and the environments of our children, now. */
  public LeakProbe lookAtProcesses() {
    ProcessList.read().forEach((where, shown) -> search("process list", where, shown));
    return this;
  }

  /**
   * Looks at the names and the contents of all files of a folder, now.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  public LeakProbe lookAtFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(folder.relativize(file));
        search("file name", name, name);
        if (Files.isRegularFile(file)) {
          search("file", name, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at the files of a folder", e);
    }
    return this;
  }

  /**
   * Returns the findings so far: in logs, output, processes and everything the test passed to the
   * probe.
   */
  public List<LeakFinding> leaks() {
    for (Heard each : heard) {
      if (each.said() instanceof String text) {
        search(each.place(), each.logger(), text);
      } else {
        look(each.place(), each.said());
      }
    }
    search("standard output", "System.out", output.printed());
    search("standard error", "System.err", output.complained());
    lookAtProcesses();
    synchronized (leaks) {
      return new ArrayList<>(leaks);
    }
  }

  /**
   * Fails if a secret showed.
   *
   * @throws AssertionError with every place, and no secret
   */
  public void assertClean() {
    List<LeakFinding> found = leaks();
    if (!found.isEmpty()) {
      throw new AssertionError(
          found.stream()
              .map(LeakFinding::toString)
              .collect(Collectors.joining("\n  - ", "secrets leaked:\n  - ", "\n")));
    }
  }

  private void search(String channel, String where, String text) {
    for (SecretTraces needle : needles) {
      needle
          .foundIn(text)
          .filter(form -> !(form.equals("length") && where.startsWith(OF_BUFFERS)))
          .ifPresent(
              form ->
                  leaks.add(new LeakFinding(needle.label(), channel, withoutSecrets(where), form)));
    }
  }

  /** A file or a logger may itself be named after a secret. */
  private String withoutSecrets(String where) {
    boolean clean = needles.stream().noneMatch(needle -> needle.foundIn(where).isPresent());
    return clean ? where : "(its name is withheld)";
  }

  /**
   * Looks for the canaries of any probe, also of a process that has ended, in all files of a
   * folder.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  public static List<LeakFinding> scan(Path folder) {
    return LeakScan.scan(folder);
  }

  /** Stops listening and puts output and log levels back; closing twice is harmless. */
  @Override
  public void close() {
    log.close();
    output.close();
  }
}
