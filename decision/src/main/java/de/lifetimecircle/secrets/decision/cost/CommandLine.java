package de.lifetimecircle.secrets.decision.cost;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A command line, taken apart. Immutable.
 *
 * @param options the values of each option, in their order
 * @param words what stands between the options
 */
public record CommandLine(Map<String, List<String>> options, List<String> words) {
  /**
   * Takes a command line apart.
   *
   * @param known the options, all of which have a value
   * @param words how many other words there may be
   * @throws IllegalArgumentException if an option is not known or lacks its value, or there are
   *     more words
   */
  public static CommandLine of(List<String> args, Collection<String> known, int words) {
    Map<String, List<String>> options = new HashMap<>();
    List<String> others = new ArrayList<>();
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      if (known.contains(word)) {
        if (!rest.hasNext()) {
          throw new IllegalArgumentException(word + ": nothing (expected: a value)");
        }
        options.computeIfAbsent(word, option -> new ArrayList<>()).add(rest.next());
      } else if (word.startsWith("-") || others.size() == words) {
        throw new IllegalArgumentException("Unknown argument: " + word);
      } else {
        others.add(word);
      }
    }
    return new CommandLine(options, others);
  }

  /** Returns the values of an option; empty if it was not given. */
  public List<String> all(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** Returns the last value of an option, which counts, or the other one if it was not given. */
  public String last(String option, String otherwise) {
    List<String> values = all(option);
    return values.isEmpty() ? otherwise : values.get(values.size() - 1);
  }
}
