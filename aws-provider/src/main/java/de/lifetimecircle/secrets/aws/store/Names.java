package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.ErrorText;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which names Secrets Manager has: those that it takes (API_CreateSecret, read 2026-11-24), and
 * those that AWS services give to the secrets that they manage, such as {@code rds!db-…}
 * (service-linked-secrets, read 2026-11-25). The latter are read and never written. The full ARN of
 * a secret stands for its name. Stateless.
 *
 * <p>The client checks nothing, and an illegal name costs a call and comes back as an error that
 * does not say which parameter was wrong.
 */
public final class Names {
  public static final int MAX = 512;

  private static final String SIGNS = "[A-Za-z0-9/_+=.@-]";
  private static final Pattern LEGAL = Pattern.compile(SIGNS + "{1,512}");

  /** The id of a service, a '!', and a name that the service gave. */
  private static final Pattern MANAGED = Pattern.compile("([A-Za-z0-9-]+)!" + SIGNS + "+");

  private static final Pattern PREFIX = Pattern.compile(SIGNS + "*|[A-Za-z0-9-]+!" + SIGNS + "*");

  /**
   * The full ARN of a secret. Secrets Manager requires it for a secret of another account
   * (auth-and-access_examples_cross, read 2026-11-26).
   */
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]*:secretsmanager:([a-z0-9-]{1,40}):[0-9]{12}:secret:(.+)-[A-Za-z0-9]{6}");

  private Names() {}

  public static boolean isReadable(String name) {
    return name.length() <= MAX
        && (LEGAL.matcher(name).matches() || MANAGED.matcher(name).matches());
  }

  /** Whether any name can begin so. */
  static boolean isPrefix(String prefix) {
    return prefix.length() <= MAX && PREFIX.matcher(prefix).matches();
  }

  /** Whether it is meant as an ARN: no name has a colon. */
  static boolean isArn(String name) {
    return name.startsWith("arn:");
  }

  /**
   * Refuses a name that no secret can have, and an ARN that this store cannot ask for.
   *
   * @throws StoreFailure {@code BAD_NAME}
   */
  static void require(String name, String region) {
    if (isArn(name)) {
      requireArn(name, region);
    } else if (!isReadable(name)) {
      throw refused(
          "Secrets Manager accepts names of 1 to 512 letters, digits and /_+=.@-",
          "Choose another name");
    }
  }

  private static void requireArn(String arn, String region) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches() || !isReadable(parts.group(2))) {
      throw refused(
          "it is not the full ARN of a secret",
          "Use arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-XXXXXX as 'secrets describe' shows"
              + " it, or the name alone");
    }
    if (!parts.group(1).equals(region)) {
      throw refused(
          "the ARN is of region " + parts.group(1) + ", and this store asks " + region,
          "Set aws.region=" + parts.group(1));
    }
  }

  /**
   * Refuses to change a secret that an AWS service manages: the service would continue with the
   * value that it knows, and Secrets Manager refuses most changes.
   *
   * @throws StoreFailure {@code BAD_NAME}
   */
  static void requireOwn(String name) {
    Matcher arn = ARN.matcher(name);
    Matcher managed = MANAGED.matcher(arn.matches() ? arn.group(2) : name);
    if (managed.matches()) {
      throw refused(ErrorText.managed(managed.group(1)), ErrorText.CHANGE_THERE);
    }
  }

  /**
   * Refuses to create a secret by an ARN, whose end Secrets Manager chooses itself.
   *
   * @throws StoreFailure {@code BAD_NAME}
   */
  static void requireNew(String name) {
    if (isArn(name)) {
      throw refused(
          "a new secret has no ARN yet",
          "Create it by its name, in the account that it shall belong to");
    }
  }

  private static StoreFailure refused(String reason, String advice) {
    return StoreFailure.of(Kind.BAD_NAME, reason, advice);
  }
}
