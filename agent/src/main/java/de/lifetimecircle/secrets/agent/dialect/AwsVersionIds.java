package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.agent.rules.AccessRules;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Version ids in the form that AWS clients accept: 32 to 64 letters, digits and hyphens. The
 * mapping depends on the id alone, so it stays the same whatever other versions come and go, and it
 * can be reversed:
 *
 * <ul>
 *   <li>an id that has the form already stays as it is: those of AWS and of Key Vault;
 *   <li>a shorter one is filled up: {@code 7} is {@code 7-000…0} of 32 characters;
 *   <li>one with other characters is written in hexadecimal digits behind {@code x--};
 *   <li>one that is too long for that is named by its SHA-256 behind {@code x--h}; it is found
 *       among the versions of its name.
 * </ul>
 *
 * <p>Stateless.
 */
final class AwsVersionIds {
  private static final int LEAST = 32;
  private static final int MOST = 64;
  private static final String ESCAPE = "x--";
  private static final String DIGEST = "x--h";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9-]+");
  private static final Pattern FILLED = Pattern.compile("(.+)-0*");
  private static final Pattern HEX = Pattern.compile("x--((?:[0-9a-f]{2})+)(?:-0*)?");

  private AwsVersionIds() {}

  /** Returns the id for AWS clients. */
  static String toAws(String id) {
    boolean isPlain = PLAIN.matcher(id).matches() && !id.startsWith(ESCAPE);
    if (isPlain && id.length() < LEAST) {
      return filled(id, LEAST);
    }
    boolean looksFilled = id.length() == LEAST && FILLED.matcher(id).matches();
    if (isPlain && id.length() <= MOST && !looksFilled) {
      return id;
    }
    String hex = ESCAPE + HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8));
    if (hex.length() <= LEAST) {
      return filled(hex, LEAST + 1); // one of exactly the least length would look filled
    }
    return hex.length() <= MOST
        ? hex
        : DIGEST + AccessRules.digest(id).substring(0, MOST - DIGEST.length());
  }

  private static String filled(String text, int length) {
    return text + "-" + "0".repeat(length - text.length() - 1);
  }

  /**
   * Returns the id of the backend's.
   *
   * @param known the ids of the name, in which a digest is looked up
   * @return empty if it cannot be the id of any version
   */
  static Optional<String> fromAws(String aws, Collection<String> known) {
    if (aws.length() < LEAST || aws.length() > MOST || !PLAIN.matcher(aws).matches()) {
      return Optional.empty();
    }
    if (aws.startsWith(DIGEST)) { // a digest cannot be reversed
      return known.stream().filter(id -> toAws(id).equals(aws)).findFirst();
    }
    var hex = HEX.matcher(aws);
    if (hex.matches()) {
      return reversed(
          aws, new String(HexFormat.of().parseHex(hex.group(1)), StandardCharsets.UTF_8));
    }
    var filled = FILLED.matcher(aws);
    return aws.length() == LEAST && filled.matches()
        ? reversed(aws, aws.replaceFirst("-0*$", ""))
        : reversed(aws, aws);
  }

  /**
   * One id of the backend's has one form only; another form that would decode to it is not an id.
   */
  private static Optional<String> reversed(String aws, String id) {
    return Optional.of(id).filter(each -> toAws(each).equals(aws));
  }
}
