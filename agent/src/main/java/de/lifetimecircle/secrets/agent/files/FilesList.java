package de.lifetimecircle.secrets.agent.files;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.rules.LineFile;
import de.lifetimecircle.secrets.operations.wiring.FileAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the list of files that the agent keeps current. A line is a file; {@code #} begins a
 * comment:
 *
 * <pre>
 * /run/nginx-tls/server.key   prod/TLS_KEY      nginx          0400
 * /run/haproxy/server.pem     prod/TLS_BUNDLE   haproxy:haproxy 0440
 * /run/app/password           prod/DB_ADMIN_PW  -              0400
 * </pre>
 *
 * <p>The third word is the owner, or owner and group; {@code -} is the agent's own user. All
 * mistakes are reported at once.
 */
public final class FilesList {
  private static final String EXPECTED = "PATH SECRET OWNER[:GROUP]|- MODE";

  private final LineFile file;
  private final List<FileTarget> targets = new ArrayList<>();
  private final Set<Path> paths = new HashSet<>();

  private FilesList(Path file) {
    this.file = new LineFile(file);
  }

  /**
   * Reads a list; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public static List<FileTarget> read(Path file) {
    return new FilesList(file).content();
  }

  private List<FileTarget> content() {
    file.read("use the list of files", this::take);
    return List.copyOf(targets);
  }

  private void take(int number, List<String> words) {
    if (words.size() != 4) {
      file.problem(number, words.size() + " words (expected: " + EXPECTED + ")");
      return;
    }
    Path path = Path.of(words.get(0)).normalize();
    if (!path.isAbsolute() || !paths.add(path)) {
      file.problem(number, "'" + words.get(0) + "' (expected: an absolute path, each once)");
      return;
    }
    String[] owners = words.get(2).equals("-") ? new String[0] : words.get(2).split(":", 2);
    Optional<String> owner = owners.length > 0 ? Optional.of(owners[0]) : Optional.empty();
    Optional<String> group = owners.length > 1 ? Optional.of(owners[1]) : Optional.empty();
    requireKnown(number, owner, group);
    FileTarget target = new FileTarget(path, words.get(1), owner, group, mode(number, words));
    target.problem().ifPresent(problem -> file.problem(number, problem));
    targets.add(target);
  }

  private void requireKnown(int number, Optional<String> owner, Optional<String> group) {
    UserPrincipalLookupService principals =
        file.path().getFileSystem().getUserPrincipalLookupService();
    try {
      if (owner.isPresent()) {
        Object unused = principals.lookupPrincipalByName(owner.get());
      }
      if (group.isPresent()) {
        Object unused = principals.lookupPrincipalByGroupName(group.get());
      }
    } catch (IOException e) {
      file.problem(
          number,
          "'"
              + owner.orElse("")
              + group.map(g -> ":" + g).orElse("")
              + "' (expected: a user and a group of this host)");
    }
  }

  /** Reads four octal digits; rights of everybody are refused, because it is a secret. */
  private Set<PosixFilePermission> mode(int number, List<String> words) {
    String text = words.get(3);
    if (!text.matches("0?[0-7][0-7]0")) {
      file.problem(number, "mode '" + text + "' (expected: as 0400 or 0440, nothing for others)");
      return Set.of();
    }
    return FileAccess.permissions(text);
  }
}
