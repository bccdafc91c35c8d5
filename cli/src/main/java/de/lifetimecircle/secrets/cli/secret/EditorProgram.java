package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.files.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An editor that leaves no copy of the text: its swap file, undo file, backup and history are
 * switched off, and so is the person's own configuration, which could switch them on again.
 * Immutable.
 *
 * @param words the command line without the file
 * @param needsTerminal whether it draws on a terminal; of an unknown editor, only its user knows
 */
record EditorProgram(List<String> words, boolean needsTerminal) {
  private static final List<String> VIM =
      vim("set nocompatible nomodeline noswapfile nobackup nowritebackup noundofile viminfo=");

  private static final List<String> NEOVIM =
      vim("set nomodeline noswapfile nobackup nowritebackup noundofile shada=");

  private static final List<String> NANO = List.of("--ignorercfiles");

  private static final List<String> EMACS =
      List.of(
          "-Q",
          "-nw",
          "--eval",
          "(setq make-backup-files nil auto-save-default nil auto-save-list-file-prefix nil"
              + " create-lockfiles nil enable-local-variables nil)");

  /** Copies the list. */
  EditorProgram {
    words = List.copyOf(words);
  }

  private static List<String> vim(String settings) {
    return List.of("-u", "NONE", "-i", "NONE", "-n", "--cmd", settings);
  }

  /**
   * Finds the editor; blocks for the file system.
   *
   * @param given the editor of an option; null for VISUAL or EDITOR, or else the first one found
   * @param trusted whether the person says that the editor leaves no copy
   */
  static EditorProgram of(@Nullable String given, Trust trusted, Map<String, String> environment) {
    String editor = given != null ? given : usual(environment);
    List<String> words = new ArrayList<>(List.of(editor.strip().split("\\s+")));
    List<String> options = options(realName(words.get(0), environment));
    if (options == null && trusted == Trust.NONE) {
      throw CommandFailure.usage(
          "Cannot edit with '"
              + words.get(0)
              + "': it may keep copies of the text. Use --editor with vim, nvim, nano or emacs, or"
              + " add --trust-editor if it leaves none.");
    }
    if (options != null) {
      words.addAll(options); // after the person's own, which they overrule
    }
    return new EditorProgram(words, options != null);
  }

  /** Returns the command line that edits a file. */
  List<String> command(Path file) {
    List<String> line = new ArrayList<>(words);
    line.add(file.toString());
    return line;
  }

  /** Whether the person vouches for the editor. */
  enum Trust {
    NONE,
    GIVEN
  }

  private static String usual(Map<String, String> environment) {
    for (String variable : List.of("VISUAL", "EDITOR")) {
      String value = environment.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        return value;
      }
    }
    for (String known : List.of("vim", "nvim", "nano", "emacs", "vi")) {
      if (find(known, environment) != null) {
        return known;
      }
    }
    throw CommandFailure.usage(
        "Cannot edit: there is no editor that leaves no copy of the text. Install vim, nvim, nano"
            + " or emacs, or name another one with --editor and --trust-editor.");
  }

  /** Returns the options that switch copies off; null for an editor that is not known. */
  private static @Nullable List<String> options(String name) {
    if (name.startsWith("vim")) { // also vim.basic, vim.tiny
      return VIM;
    }
    if (name.equals("nvim")) {
      return NEOVIM;
    }
    if (name.equals("nano") || name.equals("tiny-nano")) {
      return NANO;
    }
    boolean emacs = name.equals("emacs") || name.matches("emacs-?(nox|gtk|lucid|pgtk|[0-9.]+)");
    return emacs ? EMACS : name.equals("busybox") ? List.of() : null;
  }

  /** Follows links, because {@code vi} is vim on one system and another program on the next. */
  private static String realName(String program, Map<String, String> environment) {
    Path path = find(program, environment);
    try {
      return String.valueOf((path == null ? Path.of(program) : path.toRealPath()).getFileName());
    } catch (IOException | InvalidPathException e) {
      return program;
    }
  }

  private static @Nullable Path find(String program, Map<String, String> environment) {
    if (program.contains("/")) {
      return Files.isExecutable(Path.of(program)) ? Path.of(program) : null;
    }
    return new SearchPath(environment.getOrDefault("PATH", ""))
        .find(program, Files::isExecutable)
        .orElse(null);
  }
}
