package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists names: folder by folder, only into folders that can hold the prefix.
 *
 * <p>The server lists deleted secrets too. OpenBao tells the state of all in a folder in one answer
 * ({@code detailed-metadata}); elsewhere each name costs a request of its own. Safe for use by
 * several threads.
 */
final class Listing {
  private final String root;
  private final Optional<Filter> filter;
  private volatile boolean hasNoDetails;

  /** Whether a listed name can be read. */
  @FunctionalInterface
  interface Filter {
    boolean isLive(Call call, String path, Optional<Map<?, ?>> known);
  }

  Listing(String root, Filter filter) {
    this.root = root;
    this.filter = Optional.of(filter);
  }

  /** A listing in which everything that is listed is there. */
  Listing(String root) {
    this.root = root;
    this.filter = Optional.empty();
  }

  /** The names that begin with the prefix, in no order. */
  List<String> list(Call call, String prefix) {
    List<String> names = new ArrayList<>();
    String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    if (folder.isEmpty() || Names.isValid(folder.substring(0, folder.length() - 1))) {
      new Walk(call, prefix, names).collect(folder);
    }
    return names;
  }

  /**
   * A path in a folder.
   *
   * @param isLive whether it is known to be readable, or a folder; else the server has to be asked
   */
  private record Found(String path, boolean isLive) {}

  /** One list on its way through the folders; used by one thread. */
  private final class Walk {
    private final Call call;
    private final String prefix;
    private final List<String> names;
    private boolean mayNotSeeDetails;

    Walk(Call call, String prefix, List<String> names) {
      this.call = call;
      this.prefix = prefix;
      this.names = names;
    }

    void collect(String folder) {
      for (Found found : call.part("folder " + folder, () -> found(folder))) {
        String path = found.path();
        if (path.endsWith("/")) {
          collect(path);
        } else if (found.isLive() || call.part("secret " + path, () -> isLive(path))) {
          names.add(path);
        }
      }
    }

    /** The subfolders and the names in a folder, without those that are known to be deleted. */
    private List<Found> found(String folder) {
      Reply reply = entries(folder);
      if (reply.status() == 404) {
        return List.of(); // the server's word for an empty folder
      }
      if (!(reply.data().get("keys") instanceof List<?> keys)) {
        throw reply.ok() ? Reply.foreign() : Failures.unexpected(reply);
      }
      Map<?, ?> details = Json.object(reply.data(), "key_info");
      List<Found> all = new ArrayList<>();
      for (Object key : keys) {
        String path = folder + key;
        if (path.startsWith(prefix) && (path.endsWith("/") || Names.isValid(path))) {
          found(path, details.get(key)).ifPresent(all::add);
        }
      }
      return all;
    }

    private Optional<Found> found(String path, @Nullable Object details) {
      if (path.endsWith("/") || filter.isEmpty()) {
        return Optional.of(new Found(path, true));
      }
      if (details instanceof Map<?, ?> known && !known.isEmpty()) {
        boolean isLive = filter.get().isLive(call, path, Optional.of(known));
        return isLive ? Optional.of(new Found(path, true)) : Optional.empty();
      }
      return Optional.of(new Found(path, false));
    }

    private boolean isLive(String path) {
      return filter.isEmpty() || filter.get().isLive(call, path, Optional.empty());
    }

    private Reply entries(String folder) {
      if (filter.isPresent() && !hasNoDetails && !mayNotSeeDetails) {
        Reply detailed = call.tryList(root.replace("/metadata/", "/detailed-metadata/") + folder);
        boolean isEmptyFolder = detailed.isNothing() && !detailed.explains();
        if (detailed.isDocument() && (detailed.ok() || isEmptyFolder)) {
          return detailed;
        }
        // A refusal may be that of a dead token, so the next list asks again. A token with few
        // rights is refused in every folder, so this list does not.
        mayNotSeeDetails = detailed.status() == 403;
        hasNoDetails = detailed.isDocument() && detailed.status() != 403 && detailed.status() < 429;
      }
      return call.list(root + folder);
    }
  }
}
