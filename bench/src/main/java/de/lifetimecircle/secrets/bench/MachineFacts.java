package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The facts that figures depend on besides the code: processor, Java, system, time and commit. */
public final class MachineFacts {
  private MachineFacts() {}

  /** The facts, in the order to show them; blocks for a moment to ask git. */
  public static Map<String, String> facts(InstantSource clock) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("commit", commit());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("processor", line(Path.of("/proc/cpuinfo"), "model name"));
    facts.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
    facts.put("jdk", property("java.vm.name") + " " + property("java.runtime.version"));
    facts.put("system", property("os.name") + " " + property("os.version"));
    facts.put("architecture", property("os.arch"));
    return facts;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String line(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown"; // not a Linux
    }
  }

  /** The commit, marked where files were changed since. */
  private static String commit() {
    try {
      return MeasuredProgram.of(
              List.of("git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*"))
          .quiet()
          .run("")
          .strip();
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
