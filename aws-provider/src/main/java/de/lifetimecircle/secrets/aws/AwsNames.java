package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which names Secrets Manager has: those that it takes (API_CreateSecret, read 2026-11-24), and
 * those that AWS services give to the secrets that they manage, such as {@code rds!db-…}
 * (service-linked-secrets, read 2026-11-25). The latter are read and never written. Stateless.
 *
 * <p>The client checks nothing, and an illegal name costs a call and comes back as an error that
 * does not say which parameter was wrong.
 */
final class AwsNames {
  static final int MAX = 512;

  private static final String SIGNS = "[A-Za-z0-9/_+=.@-]";
  private static final Pattern LEGAL = Pattern.compile(SIGNS + "{1,512}");

  /** The id of a service, a '!', and a name that the service gave. */
  private static final Pattern MANAGED = Pattern.compile("([A-Za-z0-9-]+)!" + SIGNS + "+");

  private static final Pattern PREFIX = Pattern.compile(SIGNS + "*|[A-Za-z0-9-]+!" + SIGNS + "*");

  // Secrets Manager appends a hyphen and six characters to the name in the ARN of a secret, so such
  // a name can be taken for the ARN of another one.
  private static final Pattern SUFFIX = Pattern.compile(".*-[A-Za-z0-9]{6}");

  private AwsNames() {}

  static boolean isReadable(String name) {
    return name.length() <= MAX
        && (LEGAL.matcher(name).matches() || MANAGED.matcher(name).matches());
  }

  /** Whether any name can begin so. */
  static boolean isPrefix(String prefix) {
    return prefix.length() <= MAX && PREFIX.matcher(prefix).matches();
  }

  /**
   * Refuses a name that no secret can have.
   *
   * @throws SecretException {@code BAD_NAME}
   */
  static void require(String action, String name) {
    if (name.startsWith("arn:")) {
      throw StoreFailure.of(
              Kind.BAD_NAME,
              "it is an ARN",
              "Use the name of the secret, without account, region and suffix")
          .toException(AwsErrors.SCHEME, action, name);
    }
    if (!isReadable(name)) {
      throw StoreFailure.of(
              Kind.BAD_NAME,
              "Secrets Manager accepts names of 1 to 512 letters, digits and /_+=.@-",
              "Choose another name")
          .toException(AwsErrors.SCHEME, action, name);
    }
  }

  /**
   * Refuses to change a secret that an AWS service manages: the service would continue with the
   * value that it knows, and Secrets Manager refuses most changes.
   *
   * @throws SecretException {@code BAD_NAME}
   */
  static void requireOwn(String action, String name) {
    Matcher managed = MANAGED.matcher(name);
    if (managed.matches()) {
      throw StoreFailure.of(
              Kind.BAD_NAME, AwsErrorText.managed(managed.group(1)), AwsErrorText.CHANGE_THERE)
          .toException(AwsErrors.SCHEME, action, name);
    }
  }

  /**
   * Refuses a name for a new secret that could be mistaken for the ARN of another. Secrets that
   * others have named so are still read and written.
   *
   * @throws SecretException {@code BAD_NAME}
   */
  static void requireNew(String action, String name) {
    if (SUFFIX.matcher(name).matches()) {
      throw StoreFailure.of(
              Kind.BAD_NAME,
              "a name of a new secret must not end in a hyphen and six characters",
              "Choose another end: Secrets Manager ends its ARNs so, and would mix them up")
          .toException(AwsErrors.SCHEME, action, name);
    }
  }
}
