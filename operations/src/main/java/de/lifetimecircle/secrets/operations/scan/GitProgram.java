package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the program git on one repository. Git writes and fetches nothing there, and runs no program
 * of the repository's configuration. Used by one thread.
 *
 * @param own the variables that keep git to this repository; empty if it may look around
 */
record GitProgram(Path folder, Map<String, String> own) {
  private static final List<String> QUIET =
      List.of(
          "--no-pager",
          "--no-replace-objects",
          "-c",
          "core.quotePath=false",
          "-c",
          "core.fsmonitor=false",
          "-c",
          "diff.relative=false",
          "-c",
          "log.showSignature=false",
          "-c",
          "log.showRoot=true");

  /** The variables that point git to another repository, which git sets for a hook. */
  private static final List<String> ELSEWHERE =
      List.of(
          "GIT_DIR",
          "GIT_COMMON_DIR",
          "GIT_INDEX_FILE",
          "GIT_OBJECT_DIRECTORY",
          "GIT_ALTERNATE_OBJECT_DIRECTORIES");

  /** The command that fetches the missing objects of a filtered clone. */
  static final String FETCH_ALL = "git fetch --refetch --no-filter";

  /**
   * Returns the repository of a path.
   *
   * @throws SecretException {@code CONFIGURATION} if the path is in no repository or git is missing
   */
  static GitProgram in(Path path) {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    Path folder = Files.isDirectory(absolute) || parent == null ? absolute : parent;
    GitProgram git = new GitProgram(folder, Map.of());
    git.lines("find the repository of " + path, "rev-parse", "--git-dir");
    return git;
  }

  /**
   * Returns the repository of a folder itself, not one around it, even if its files are gone.
   *
   * @param folder the folder of its files, or of git's data
   * @throws IOException if there is no such folder
   */
  static GitProgram of(Path folder) throws IOException {
    Path real = folder.toRealPath();
    String around = String.valueOf(real.getParent());
    return new GitProgram(real, Map.of("GIT_WORK_TREE", ".", "GIT_CEILING_DIRECTORIES", around));
  }

  /**
   * Returns the folder that all working trees share, which identifies the repository.
   *
   * @throws SecretException as {@link #in}
   */
  Path shared() {
    String action = "find the repository";
    List<String> answer = lines(action, "rev-parse", "--git-common-dir");
    try {
      return folder.resolve(answer.get(0)).toRealPath();
    } catch (IOException e) {
      throw failure(SecretException.Kind.CORRUPT, action, "its data cannot be reached");
    }
  }

  /** Reads the output of running programs. */
  interface Reading<T> {
    T of(Answer answer) throws IOException;
  }

  /** Returns all lines of a short answer. */
  List<String> lines(String action, String... arguments) {
    return run(action, List.of(List.of(arguments)), answer -> answer.reader().lines().toList());
  }

  /**
   * Runs programs as a pipeline, and returns the result of reading their output.
   *
   * @throws SecretException {@code CORRUPT} if one of them fails, with its message, or ends within
   *     its output
   */
  <T> T run(String action, List<List<String>> commands, Reading<T> reading) {
    try (Answer answer = start(action, commands)) {
      T result;
      try {
        result = reading.of(answer);
      } catch (IOException | UncheckedIOException e) {
        answer.skipRest(); // git may wait until its output is read
        answer.finish(); // its own failure says more
        throw failure(SecretException.Kind.CORRUPT, action, "git stopped within its answer");
      }
      answer.finish();
      return result;
    }
  }

  private Answer start(String action, List<List<String>> commands) {
    List<ProcessBuilder> builders = new ArrayList<>();
    for (List<String> arguments : commands) {
      List<String> line = new ArrayList<>(List.of("git"));
      line.addAll(QUIET);
      line.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
      Map<String, String> environment = builder.environment();
      if (!own.isEmpty()) {
        environment.keySet().removeAll(ELSEWHERE);
        environment.putAll(own);
      }
      environment.put("LC_ALL", "C");
      environment.put("GIT_OPTIONAL_LOCKS", "0");
      environment.put("GIT_NO_LAZY_FETCH", "1");
      environment.put("GIT_TERMINAL_PROMPT", "0");
      builders.add(builder);
    }
    try {
      return new Answer(action, ProcessBuilder.startPipeline(builders));
    } catch (IOException e) {
      throw failure(
          SecretException.Kind.CONFIGURATION, action, "the program git cannot be started");
    }
  }

  private static SecretException failure(SecretException.Kind kind, String action, String reason) {
    return failure(
        kind,
        action,
        reason,
        kind == SecretException.Kind.CONFIGURATION
            ? "Name a folder within a repository, and have git on the PATH"
            : "Check the repository with 'git fsck'; finds until then are reported");
  }

  private static SecretException failure(
      SecretException.Kind kind, String action, String reason, String advice) {
    return SecretException.of(kind, action).reason(reason).advice(advice).build();
  }

  private static SecretException failure(String action, String said) {
    String reason = "git says: " + said;
    if (said.contains("dubious ownership")) {
      return failure(
          SecretException.Kind.CONFIGURATION,
          action,
          reason,
          "Run as its owner, or, if you trust it, 'git config --global --add safe.directory"
              + " FOLDER'");
    }
    if (said.contains("promisor remote")) {
      return failure(
          SecretException.Kind.CORRUPT, action, reason, "Fetch the missing objects: " + FETCH_ALL);
    }
    boolean none = said.contains("not a git repository");
    return failure(
        none ? SecretException.Kind.CONFIGURATION : SecretException.Kind.CORRUPT, action, reason);
  }

  /** The output of running programs. */
  static final class Answer implements AutoCloseable {
    private final String action;
    private final List<Process> processes;
    private final List<StandardErrorReader> complaints = new ArrayList<>();

    private Answer(String action, List<Process> processes) {
      this.action = action;
      this.processes = processes;
      for (Process process : processes) {
        complaints.add(StandardErrorReader.of(process));
      }
    }

    InputStream stream() {
      return processes.get(processes.size() - 1).getInputStream();
    }

    /** Writes a line to the first program and flushes it. */
    void ask(String line) throws IOException {
      OutputStream out = processes.get(0).getOutputStream();
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    BufferedReader reader() {
      return new BufferedReader(new InputStreamReader(stream(), StandardCharsets.UTF_8));
    }

    private void skipRest() {
      try {
        stream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        System.getLogger(GitProgram.class.getName())
            .log(System.Logger.Level.DEBUG, "the output of git cannot be read to its end");
      }
    }

    /** Closes the input of the first program, and waits for all to end. */
    private void finish() {
      try {
        processes.get(0).getOutputStream().close();
      } catch (IOException e) {
        // It has ended already, with what it read; its exit code says how.
        System.getLogger(GitProgram.class.getName())
            .log(System.Logger.Level.DEBUG, "closing the input of git failed");
      }
      try {
        for (int i = 0; i < processes.size(); i++) {
          int code = processes.get(i).waitFor();
          String said = complaints.get(i).reason();
          if (code != 0) {
            throw failure(action, said.isEmpty() ? "nothing, and ended with " + code : said);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw SecretException.of(SecretException.Kind.INTERRUPTED, action).build();
      }
    }

    /** Ends the programs that still run. */
    @Override
    public void close() {
      processes.forEach(Process::destroy);
    }
  }
}
