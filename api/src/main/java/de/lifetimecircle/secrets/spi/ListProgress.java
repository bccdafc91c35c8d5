package de.lifetimecircle.secrets.spi;

import java.util.function.Supplier;

/**
 * Receives the progress of a list of many requests, on the thread that makes them, and keeps what
 * was answered: a request that fails costs no other one.
 *
 * <pre>{@code
 * List<String> pages = List.of("", "token of page 2"); // as each answer names the next one
 * ListProgress progress = ListProgress.NONE; // as list(prefix, progress) gets it
 * List<String> names = new ArrayList<>();
 * for (String page : pages) {
 *   names.addAll(progress.part(page, () -> List.of("DB_PASSWORD"))); // asks the backend
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ListProgress {
  /** Ignores the progress. */
  ListProgress NONE = () -> {};

  /** Reports that the backend has answered one of the requests. */
  void answered();

  /**
   * Asks for one part of a list and reports the answer. The pipeline keeps the answer until the
   * list is complete: if a later request fails and may succeed on a second try, the pipeline waits
   * and calls {@link ListableStore#list(String, ListProgress)} again, and this method then returns
   * the answers that it has without a request. So only the failed part is requested again.
   *
   * @param <T> the type of the answer
   * @param part tells this part from the other parts of the list, such as the token of a page
   * @param request asks the backend; its answer should hold no more than the list needs
   * @return the answer, of this request or of an earlier one for the same part
   */
  default <T> T part(String part, Supplier<T> request) {
    T answer = request.get();
    answered();
    return answer;
  }
}
