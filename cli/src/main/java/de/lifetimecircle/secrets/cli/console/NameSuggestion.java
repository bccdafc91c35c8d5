package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.NearestName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Suggests a name after a miss: from the inventory, or else from a store that is on this machine. A
 * service is never asked: a denied call for a list would look like an attack in its log. Stateless.
 */
final class NameSuggestion {
  private NameSuggestion() {}

  static Optional<String> of(
      SecretException miss,
      @Nullable Function<String, Optional<String>> names,
      CommandSession session) {
    String missed = miss.name().orElse("");
    if (miss.kind() != SecretException.Kind.NOT_FOUND || missed.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<String> known = names == null ? Optional.empty() : names.apply(missed);
      return (known.isPresent() || !miss.scheme().equals(Optional.of("gpg"))
              ? known
              : listed(missed, session))
          .filter(name -> !name.equals(missed));
    } catch (SecretException e) {
      return Optional.empty(); // the miss is the news; an inventory with mistakes is not
    }
  }

  private static Optional<String> listed(String missed, CommandSession session) {
    try (SecretProvider provider = session.openToReport()) {
      List<String> all = provider.list(session.prefix().value());
      return all.stream()
          .filter(name -> name.endsWith("/" + missed))
          .findFirst()
          .or(() -> NearestName.of(missed, all));
    }
  }
}
