package de.lifetimecircle.secrets.agent.rules;

import de.lifetimecircle.secrets.agent.http.AgentFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules for reading: the names that each user and each token may read. A request with a token
 * has the rights of the token and no others; else it has those of its user. Everything that no rule
 * allows is denied. Immutable and safe to share.
 */
public final class AccessRules {
  private final Map<String, NamePatterns> users;
  private final List<TokenRule> tokens;

  /**
   * A token that may read names.
   *
   * @param name for the audit log
   * @param digest the SHA-256 of the token, in hexadecimal digits
   * @param patterns the names
   */
  record TokenRule(String name, String digest, NamePatterns patterns) {}

  AccessRules(Map<String, NamePatterns> users, List<TokenRule> tokens) {
    this.users = Map.copyOf(users);
    this.tokens = List.copyOf(tokens);
  }

  /** Rules by which that user may read everything, and no other user anything. */
  static AccessRules onlyFor(String user) {
    return new AccessRules(Map.of(user, NamePatterns.of(List.of("*"))), List.of());
  }

  /**
   * The rights of one caller.
   *
   * @param principal the user, or {@code token NAME}, for the audit log
   * @param patterns the names it may read
   */
  public record Access(String principal, NamePatterns patterns) {}

  /**
   * Returns the rights of a caller.
   *
   * @throws AgentFailure {@code DENIED} if the token is wrong, or if the user is unknown and there
   *     is no token
   */
  public Access of(Caller caller) {
    if (caller.token().isPresent()) {
      TokenRule rule = find(caller.token().get().text());
      return new Access("token " + rule.name(), rule.patterns());
    }
    Optional<String> user = caller.user();
    if (user.isEmpty()) {
      throw AgentFailure.denied(
          "the user at the other end of the connection is unknown",
          "Use the Unix socket, or a token of the rules");
    }
    return new Access(user.get(), users.getOrDefault(user.get(), NamePatterns.NONE));
  }

  /** Compares with every token, so that the time tells nothing. */
  private TokenRule find(String given) {
    byte[] digest = digest(given).getBytes(StandardCharsets.US_ASCII);
    List<TokenRule> same = new ArrayList<>(1);
    for (TokenRule rule : tokens) {
      if (MessageDigest.isEqual(digest, rule.digest().getBytes(StandardCharsets.US_ASCII))) {
        same.add(rule);
      }
    }
    if (same.isEmpty()) {
      throw AgentFailure.denied(
          "the token is none of the rules", "Add its SHA-256 to the rules of the agent");
    }
    return same.get(0);
  }

  /** Returns the SHA-256 of a token in hexadecimal digits, as the rules have it. */
  public static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns how many users and tokens have a rule. */
  public int size() {
    return users.size() + tokens.size();
  }
}
