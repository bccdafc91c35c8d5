package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.cli.completion.CompletionModel.Flag;
import de.lifetimecircle.secrets.cli.completion.CompletionModel.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Writes the scripts by which bash, zsh and fish complete a command line. Commands, options and
 * fixed words are in the script; names of secrets and environments come from {@link
 * CompletionNames}. Stateless.
 */
final class CompletionScripts {
  /** The first line of each script, by which an installed file is known as ours. */
  static final String MARK = "written by 'secrets completion";

  /** The commands as functions for both shells that read POSIX syntax. */
  private static final String TABLES =
      """
      # Returns whether the option of a command takes an argument.
      __secrets_takes() {
        case "$1 $2" in
      @takes@  esac
        return 1
      }

      # Prints the kind of the next word, from the command, its part and the word before.
      __secrets_kind() {
        case "$1 $3" in
      @kinds@  esac
        case "$4" in
          -*)
            case "$1 $2" in
      @flags@      *) printf %s '@rootflags@' ;;
            esac
            return ;;
        esac
        case "$1 $2" in
          " "*) printf %s '@commands@' ;;
      @positionals@  esac
      }

      # Prints the name of a command for its short form.
      __secrets_command() {
        case "$1" in
      @aliases@    *) printf %s "$1" ;;
        esac
      }
      """;

  private static final String BASH =
      """
      # Completion of secrets in bash, written by 'secrets completion bash'.
      @tables@
      _secrets() {
        local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= part= kind word i
        COMPREPLY=()
        for ((i = 1; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          case $word in
            --) return ;; # the program of exec and its arguments: as without this completion
            -*) __secrets_takes "$command" "$word" && ((i++)) ;;
            *)
              if [[ -z $command ]]; then
                command=$(__secrets_command "$word")
              elif [[ -z $part ]]; then
                part=$word
              fi ;;
          esac
        done
        kind=$(__secrets_kind "$command" "$part" "$before" "$cur")
        case $kind in
          files | none | '') ;;
          names | environments)
            while IFS=$'\\t' read -r word _; do
              [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
            done < <("${COMP_WORDS[0]}" complete "$kind" "${COMP_WORDS[@]:1}" 2>/dev/null) ;;
          *)
            for word in $kind; do
              if [[ $word == @names ]]; then
                while IFS=$'\\t' read -r word _; do
                  [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
                done < <("${COMP_WORDS[0]}" complete names "${COMP_WORDS[@]:1}" 2>/dev/null)
              elif [[ $word == "$cur"* ]]; then
                COMPREPLY+=("$word")
              fi
            done ;;
        esac
      }
      # Where nothing fits, bash completes files.
      complete -o bashdefault -o default -F _secrets secrets
      """;

  private static final String ZSH =
      """
      #compdef secrets
      # Completion of secrets in zsh, written by 'secrets completion zsh'.
      @tables@
      __secrets_offer() {
        local name text
        local -a names shown
        while IFS=$'\\t' read -r name text; do
          names+=("$name")
          shown+=("$name${text:+  -- $text}")
        done < <("$1" complete "${@:2}" 2>/dev/null)
        (( ${#names} )) && compadd -l -d shown -a names
      }

      _secrets() {
        local command= part= kind word
        local -a fixed
        integer i
        for ((i = 2; i < CURRENT; i++)); do
          word=${words[i]}
          case $word in
            --) shift $i words; (( CURRENT -= i )); _normal; return ;;
            -*) __secrets_takes "$command" "$word" && ((i++)) ;;
            *)
              if [[ -z $command ]]; then
                command=$(__secrets_command "$word")
              elif [[ -z $part ]]; then
                part=$word
              fi ;;
          esac
        done
        kind=$(__secrets_kind "$command" "$part" "${words[CURRENT-1]}" "${words[CURRENT]}")
        case $kind in
          files) _files ;;
          none | '') ;;
          names | environments) __secrets_offer "${words[1]}" "$kind" "${(@)words[2,-1]}" ;;
          *)
            fixed=(${(s: :)kind})
            if [[ -n ${fixed[(r)@names]} ]]; then
              fixed=(${fixed:#@names})
              __secrets_offer "${words[1]}" names "${(@)words[2,-1]}"
            fi
            compadd -a fixed ;;
        esac
      }

      if [[ ${funcstack[1]-} == _secrets ]]; then
        _secrets "$@"
      elif (( $+functions[compdef] )); then
        compdef _secrets secrets
      fi
      """;

  private static final String FISH =
      """
      # Completion of secrets in fish, written by 'secrets completion fish'.
      function __secrets_words
          set -l before (commandline -opc)
          set -l skip 0
          for word in $before[2..-1]
              if test $skip = 1
                  set skip 0
              else if contains -- $word @rootvalues@
                  set skip 1
              else if not string match -q -- '-*' $word
                  echo $word
              end
          end
      end
      function __secrets_is
          set -l found (__secrets_words)
          if test (count $argv) = 0
              test (count $found) = 0
          else
              test (count $found) -gt 0; and contains -- $found[1] (string split ' ' -- $argv[1])
              and begin
                  test (count $argv) = 1; or contains -- $argv[2] $found
              end
          end
      end
      function __secrets_offer
          set -l before (commandline -opc)
          $before[1] complete $argv[1] $before[2..-1] 2>/dev/null
      end
      complete -c secrets -f
      @lines@""";

  private CompletionScripts() {}

  /** Returns the script for a shell: bash, zsh or fish. */
  static String of(String shell, CommandLine root) {
    CompletionModel model = new CompletionModel(root);
    return switch (shell) {
      case "bash" -> BASH.replace("@tables@", tables(model));
      case "zsh" -> ZSH.replace("@tables@", tables(model));
      case "fish" -> fish(model);
      default -> throw new IllegalArgumentException("expected: bash, zsh or fish");
    };
  }

  private static String tables(CompletionModel model) {
    StringBuilder takes = new StringBuilder();
    StringBuilder kinds = new StringBuilder();
    StringBuilder flags = new StringBuilder();
    StringBuilder positionals = new StringBuilder();
    options("", model.flags(), takes, kinds);
    for (Word command : model.commands()) {
      String name = command.words().get(0);
      options(name, allFlags(command), takes, kinds);
      for (Word part : command.parts()) {
        line(flags, "      ", "\"" + name + " " + part.words().get(0) + "\"", words(part.flags()));
      }
      line(flags, "      ", "\"" + name + " \"*", words(command.flags()));
      for (Word part : command.parts()) {
        line(positionals, "    ", "\"" + name + " " + part.words().get(0) + "\"", part.kind());
      }
      line(positionals, "    ", "\"" + name + " \"*", first(command));
    }
    String commands =
        model.commands().stream()
            .flatMap(each -> each.words().stream())
            .collect(Collectors.joining(" "));
    return TABLES
        .replace("@takes@", takes)
        .replace("@kinds@", kinds)
        .replace("@flags@", flags)
        .replace("@rootflags@", words(model.flags()))
        .replace("@commands@", commands)
        .replace("@positionals@", positionals)
        .replace("@aliases@", aliases(model));
  }

  /** Returns a case for each other name of a command, which prints the first one. */
  private static String aliases(CompletionModel model) {
    return model.commands().stream()
        .map(Word::words)
        .flatMap(
            words ->
                words.stream()
                    .skip(1)
                    .map(alias -> "    " + alias + ") printf %s " + words.get(0) + " ;;\n"))
        .collect(Collectors.joining());
  }

  /** Returns what may come first after a command: its parts, and what it takes itself. */
  private static String first(Word command) {
    if (command.parts().isEmpty()) {
      return command.kind();
    }
    List<String> words = new ArrayList<>();
    command.parts().forEach(part -> words.add(part.words().get(0)));
    if (command.kind().equals(CompletionModel.NAMES)) {
      words.add("@names");
    }
    return String.join(" ", words);
  }

  private static List<Flag> allFlags(Word command) {
    return Stream.concat(
            command.flags().stream(),
            command.parts().stream().flatMap(part -> part.flags().stream()))
        .toList();
  }

  private static void options(
      String command, List<Flag> all, StringBuilder takes, StringBuilder kinds) {
    for (Flag flag : all.stream().distinct().toList()) {
      if (!flag.kind().isEmpty()) {
        String pattern =
            flag.names().stream()
                .map(name -> "\"" + command + " " + name + "\"")
                .collect(Collectors.joining(" | "));
        takes.append("    ").append(pattern).append(") return 0 ;;\n");
        kinds
            .append("    ")
            .append(pattern)
            .append(") printf %s '")
            .append(flag.kind())
            .append("'; return ;;\n");
      }
    }
  }

  private static void line(StringBuilder out, String indent, String pattern, String kind) {
    out.append(indent).append(pattern).append(") printf %s '").append(kind).append("' ;;\n");
  }

  private static String words(List<Flag> flags) {
    return flags.stream().flatMap(flag -> flag.names().stream()).collect(Collectors.joining(" "));
  }

  private static String fish(CompletionModel model) {
    StringBuilder lines = new StringBuilder();
    model.flags().forEach(flag -> flag(lines, "", flag));
    for (Word command : model.commands()) {
      for (String word : command.words()) {
        lines.append("complete -c secrets -n __secrets_is -a ").append(word);
        described(lines, command.description());
      }
      String is = " -n \"__secrets_is '" + String.join(" ", command.words()) + "'\"";
      command.flags().stream()
          .filter(flag -> !model.flags().contains(flag))
          .forEach(flag -> flag(lines, is, flag));
      argument(lines, is, first(command));
      for (Word part : command.parts()) {
        String both =
            " -n \"__secrets_is '"
                + String.join(" ", command.words())
                + "' "
                + part.words().get(0)
                + "\"";
        part.flags().stream()
            .filter(flag -> !model.flags().contains(flag))
            .forEach(flag -> flag(lines, both, flag));
        argument(lines, both, part.kind());
      }
    }
    String values =
        model.flags().stream()
            .filter(flag -> !flag.kind().isEmpty())
            .flatMap(flag -> flag.names().stream())
            .collect(Collectors.joining(" "));
    return FISH.replace("@rootvalues@", values).replace("@lines@", lines);
  }

  private static void flag(StringBuilder lines, String condition, Flag flag) {
    lines.append("complete -c secrets").append(condition);
    for (String name : flag.names()) {
      lines.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (!flag.kind().isEmpty()) {
      lines.append(
          flag.kind().equals(CompletionModel.FILES) ? " -r -F" : " -x" + offered(flag.kind()));
    }
    described(lines, flag.description());
  }

  private static void argument(StringBuilder lines, String condition, String kind) {
    if (kind.equals(CompletionModel.FILES)) {
      lines.append("complete -c secrets").append(condition).append(" -F\n");
    } else if (!kind.equals(CompletionModel.NONE)) {
      lines.append("complete -c secrets").append(condition).append(offered(kind)).append('\n');
    }
  }

  private static String offered(String kind) {
    return switch (kind) {
      case CompletionModel.NONE -> "";
      case CompletionModel.NAMES, CompletionModel.ENVIRONMENTS ->
          " -a '(__secrets_offer " + kind + ")'";
      default -> " -a '" + kind.replace("@names", "(__secrets_offer names)") + "'";
    };
  }

  private static void described(StringBuilder lines, String text) {
    lines.append(" -d '").append(text).append("'\n");
  }
}
