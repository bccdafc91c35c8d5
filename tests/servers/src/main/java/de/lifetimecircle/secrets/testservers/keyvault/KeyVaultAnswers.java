package de.lifetimecircle.secrets.testservers.keyvault;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bodies of the test vault's answers. Stateless but for the switches. */
final class KeyVaultAnswers {
  private static final int MAX_PAGE = 25;

  /** A marker that comes before every name and id: they have no sign below the hyphen. */
  private static final String START = "!";

  private final KeyVaultFaults faults;

  KeyVaultAnswers(KeyVaultFaults faults) {
    this.faults = faults;
  }

  private static String url(KeyVaultCall call, String name) {
    return call.base() + "/secrets/" + name;
  }

  KeyVaultReply value(KeyVaultCall call, String name, KeyVaultVersion version) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("value", version.value());
    body.putAll(version.describe(url(call, name) + "/" + version.id()));
    return KeyVaultReply.ok(body);
  }

  KeyVaultReply described(KeyVaultCall call, String name, KeyVaultVersion version) {
    return KeyVaultReply.ok(version.describe(url(call, name) + "/" + version.id()));
  }

  KeyVaultReply deleted(KeyVaultCall call, KeyVaultEntry entry) {
    String id = url(call, entry.name()) + "/" + entry.newest().id();
    return KeyVaultReply.ok(deletedBody(call, entry, id));
  }

  private static Map<String, Object> deletedBody(
      KeyVaultCall call, KeyVaultEntry entry, String id) {
    long window = Duration.ofDays(KeyVaultVersion.RECOVERABLE_DAYS).toSeconds();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("recoveryId", call.base() + "/deletedsecrets/" + entry.name());
    body.put("deletedDate", entry.deletedSeconds());
    body.put("scheduledPurgeDate", entry.deletedSeconds() + window);
    body.putAll(entry.newest().describe(id));
    return body;
  }

  KeyVaultReply activePage(KeyVaultCall call, KeyVaultState state) {
    return page(
        call,
        size -> state.active(marker(call), size),
        entry -> entry.newest().describe(url(call, entry.name())));
  }

  KeyVaultReply deletedPage(KeyVaultCall call, KeyVaultState state) {
    return page(
        call,
        size -> state.deleted(marker(call), size),
        entry -> deletedBody(call, entry, url(call, entry.name())));
  }

  KeyVaultReply versionPage(KeyVaultCall call, KeyVaultState state, String name) {
    return page(
        call,
        size -> state.versions(name, marker(call), size),
        version -> version.describe(url(call, name) + "/" + version.id()));
  }

  private <T> KeyVaultReply page(
      KeyVaultCall call,
      Function<Integer, KeyVaultPage<T>> pages,
      Function<T, Map<String, Object>> form) {
    int size = size(call.query().get("maxresults"));
    KeyVaultPage<T> page =
        faults.hasEmptyPages() && marker(call).isEmpty()
            ? new KeyVaultPage<>(List.of(), START)
            : pages.apply(size);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("value", page.items().stream().map(form).toList());
    body.put("nextLink", page.next().isEmpty() ? null : nextLink(call, page.next(), size));
    return KeyVaultReply.ok(body);
  }

  private static int size(@Nullable String asked) {
    try {
      int size = asked == null ? MAX_PAGE : Integer.parseInt(asked);
      if (size >= 1 && size <= MAX_PAGE) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw noSize();
    }
    throw noSize();
  }

  private static KeyVaultRefusal noSize() {
    return KeyVaultRefusal.badParameter(
        "Property maxresults has invalid value: not between 1 and " + MAX_PAGE);
  }

  private static String nextLink(KeyVaultCall call, String marker, int size) {
    String token = Base64.getUrlEncoder().encodeToString(marker.getBytes(StandardCharsets.UTF_8));
    String path = String.join("/", call.path());
    return call.base()
        + "/"
        + path
        + "?api-version="
        + URLEncoder.encode(call.query().getOrDefault("api-version", ""), StandardCharsets.UTF_8)
        + "&$skiptoken="
        + URLEncoder.encode(token, StandardCharsets.UTF_8)
        + "&maxresults="
        + size;
  }

  private static String marker(KeyVaultCall call) {
    String token = call.query().getOrDefault("$skiptoken", "");
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw KeyVaultRefusal.badParameter("Property $skiptoken has invalid value");
    }
  }
}
