package de.lifetimecircle.secrets.decision.cost;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many calls a backend allows in a time. Immutable.
 *
 * @param name what the price list calls it
 * @param calls how many are allowed, at least 1
 * @param traffic which calls count
 * @param seconds in how long, 1 to 3600
 */
public record CallQuota(String name, long calls, QuotaCalls traffic, int seconds) {
  private static final Pattern FORM =
      Pattern.compile("([1-9][0-9]{0,11}) (read|write|all) in ([1-9][0-9]{0,2}|[1-3][0-9]{3}) s");

  /**
   * Reads {@code 4000 all in 10 s}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static CallQuota of(String name, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          text + " (expected: a quota such as 4000 all in 10 s; read, write or all)");
    }
    QuotaCalls traffic = QuotaCalls.valueOf(form.group(2).toUpperCase(Locale.ROOT));
    return new CallQuota(
        name, Long.parseLong(form.group(1)), traffic, Integer.parseInt(form.group(3)));
  }

  /** Returns the quota as text. */
  String allows() {
    return String.format(Locale.ROOT, "%,d %s in %d s", calls, traffic.plural(), seconds);
  }
}
