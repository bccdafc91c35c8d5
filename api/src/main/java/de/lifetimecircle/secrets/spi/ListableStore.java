package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * A store that can list names; goes with {@link Capability#LIST}. A list of several pages asks for
 * each of them through the progress:
 *
 * <pre>{@code
 * List<List<String>> pages = List.of(List.of("A", "B"), List.of("C")); // at the server
 * ListProgress progress = ListProgress.NONE; // as list(prefix, progress) gets it
 * List<String> names = new ArrayList<>();
 * for (int page = 0; page < pages.size(); page++) {
 *   int number = page;
 *   names.addAll(progress.part("page " + number, () -> pages.get(number)));
 * }
 * }</pre>
 */
public interface ListableStore extends SecretStore {
  /**
   * Lists names; deleted secrets are left out.
   *
   * @param prefix the beginning of the wanted names, with the setting {@code prefix}; the empty
   *     text for all
   * @return the names that begin with it, sorted by code point
   */
  List<String> list(String prefix);

  /**
   * Lists the same names, and asks for each page or folder through {@link ListProgress#part}.
   * Override it if a list takes several requests. The time that {@code timeout} gives a call begins
   * again with each answer, so a long list does not fail while the backend answers; and a request
   * that fails is retried alone.
   *
   * @param prefix as for {@link #list(String)}
   * @param progress to be called on the thread of this call
   * @return the same as {@link #list(String)}
   */
  default List<String> list(String prefix, ListProgress progress) {
    return list(prefix);
  }
}
