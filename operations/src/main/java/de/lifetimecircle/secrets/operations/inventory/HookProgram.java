package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.files.SearchPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the program of a hook without running it: whether it exists, may be executed, and
 * answers check calls. Immutable; blocks for the file system.
 *
 * @param folder the working directory of hooks, to which relative names of programs refer
 * @param line the program and its arguments
 * @param searchPath the folders for a program without {@code /}, as in the variable {@code PATH}
 */
public record HookProgram(Path folder, List<String> line, String searchPath) {
  /**
   * The variable of a check call. A program whose file contains this word declares that it answers
   * such a call without changing anything; see docs/hooks.md.
   */
  public static final String CHECK = "HOOK_CHECK";

  /** A program that mentions the word further back is not looked at that far. */
  private static final int MOST_READ = 1024 * 1024;

  /** The longest first line that Linux reads; see execve(2). */
  private static final int LONGEST_SHEBANG = 256;

  private static final Set<String> INTERPRETERS =
      Set.of("sh", "bash", "dash", "python", "python3", "perl", "ruby", "node");

  /** Copies the list. */
  public HookProgram {
    line = List.copyOf(line);
  }

  /** Returns the program of a hook, which is found as the system finds it for this process. */
  public static HookProgram in(Path folder, List<String> line) {
    String path = System.getenv("PATH");
    return new HookProgram(folder.toAbsolutePath(), line, path == null ? "" : path);
  }

  /** Returns the name of the program as the inventory has it. */
  public String name() {
    return line.get(0);
  }

  /** Returns whether the name has a {@code /}, so that every machine finds the same program. */
  public boolean isPath() {
    return name().indexOf('/') >= 0;
  }

  /** Returns why the program cannot be started, and what to do; empty if nothing is known. */
  public Optional<String> problem() {
    Optional<Path> file = file();
    if (file.isEmpty()) {
      return Optional.of("no program of that name is on the PATH of this machine");
    }
    if (Files.isDirectory(file.get())) {
      return Optional.of("it is a folder");
    }
    if (!Files.exists(file.get())) {
      return Optional.of("there is no such file");
    }
    if (!Files.isExecutable(file.get())) {
      return Optional.of(
          "it is not executable; 'chmod +x " + ShellWord.of(file.get().toString()) + "' makes it");
    }
    return interpreter(head(file.get(), LONGEST_SHEBANG)).or(this::script);
  }

  /** Returns that the script is missing which the line gives to an interpreter. */
  private Optional<String> script() {
    return line.size() > 1 && isInterpreter() && line.get(1).startsWith("./")
        ? resolved(line.get(1))
            .filter(file -> !Files.isRegularFile(file))
            .map(file -> "its script does not exist: " + line.get(1))
        : Optional.empty();
  }

  /** Returns whether the program says that it answers check calls. */
  public boolean answersChecks() {
    if (file().filter(this::mentionsChecks).isPresent()) {
      return true;
    }
    // As in [python3, hooks/rotate.py]: the script is the first argument that is a file. A wrapper
    // such as sudo or ssh may drop the variable of the check call, and its program would then do
    // the real work.
    return isInterpreter()
        && line.stream()
            .skip(1)
            .flatMap(argument -> resolved(argument).stream())
            .filter(Files::isRegularFile)
            .findFirst()
            .filter(this::mentionsChecks)
            .isPresent();
  }

  private boolean isInterpreter() {
    return INTERPRETERS.contains(name().replaceFirst(".*/", ""));
  }

  private boolean mentionsChecks(Path file) {
    return Files.isRegularFile(file) && head(file, MOST_READ).contains(CHECK);
  }

  private Optional<Path> file() {
    return isPath() ? resolved(name()) : onPath(name());
  }

  private Optional<Path> resolved(String file) {
    try {
      return Optional.of(folder.resolve(file).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty(); // an argument need not be a path
    }
  }

  private Optional<Path> onPath(String program) {
    return new SearchPath(searchPath)
        .find(program, file -> isProgram(folder.resolve(file)))
        .map(folder::resolve);
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** Returns why the interpreter that the first line of a script names cannot run it. */
  private Optional<String> interpreter(String head) {
    if (!head.startsWith("#!")) {
      return Optional.empty();
    }
    String first = head.lines().findFirst().orElse("");
    if (head.startsWith(first + "\r\n")) {
      return Optional.of("its lines end as on Windows, so its interpreter is not found");
    }
    String[] words = first.substring(2).strip().split("\\s+", -1);
    if (!Files.isExecutable(folder.resolve(words[0]))) {
      return Optional.of("its interpreter does not exist: " + words[0]);
    }
    boolean named = words.length == 2 && words[0].endsWith("/env") && !words[1].startsWith("-");
    return named && words[1].indexOf('=') < 0 && onPath(words[1]).isEmpty()
        ? Optional.of("its interpreter is not on the PATH of this machine: " + words[1])
        : Optional.empty();
  }

  /** Returns the beginning of a file; nothing if it cannot be read, which is no obstacle to run. */
  private static String head(Path file, int most) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(most), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
