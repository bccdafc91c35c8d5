package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A participant and how it is reached. Immutable; {@code toString} shows no setting.
 *
 * @param participant who
 * @param settings of the backend, as in a file, scheme included
 * @param addressKeys the settings that hold the address of its server; none where nothing may come
 *     between: a server that somebody else runs, files, a backend that nobody here knows
 * @param prefix of every name that is written
 */
record ParticipantAccess(
    Participant participant,
    Map<String, String> settings,
    List<String> addressKeys,
    String prefix) {
  ParticipantAccess {
    settings = Map.copyOf(settings);
    addressKeys = List.copyOf(addressKeys);
  }

  String name() {
    return participant.name();
  }

  String scheme() {
    return participant.scheme();
  }

  /** Whether the program may stand between it and its server. */
  boolean isBehindAWire() {
    return !addressKeys.isEmpty();
  }

  /** Whether it is files of ours on this machine, which no distance changes. */
  boolean isLocal() {
    return isLocal(participant);
  }

  static boolean isLocal(Participant participant) {
    return participant.scheme().equals("gpg");
  }

  /** Whether somebody else runs its server. */
  boolean isNamed() {
    return participant.realness() == Realness.NAMED;
  }

  /** Where its server is. */
  URI address() {
    return URI.create(setting(addressKeys.get(0)));
  }

  String setting(String key) {
    return settings.getOrDefault(key, "");
  }

  /** The same, reached through another port of the same host. */
  ParticipantAccess through(int port) {
    URI old = address();
    return at(URI.create(old.getScheme() + "://" + old.getHost() + ":" + port));
  }

  /** The same, reached at another address. */
  ParticipantAccess at(URI address) {
    ParticipantAccess moved = this;
    for (String key : addressKeys) {
      moved = moved.with(key, address.toString());
    }
    return moved;
  }

  ParticipantAccess with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(settings);
    changed.put(key, value);
    return new ParticipantAccess(participant, changed, addressKeys, prefix);
  }

  /** The same, with names that begin like that. */
  ParticipantAccess below(String other) {
    return new ParticipantAccess(participant, settings, addressKeys, other);
  }

  static Map<String, Object> json(Participant participant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", participant.name());
    fields.put("scheme", participant.scheme());
    fields.put("server", participant.server().json());
    fields.put("realness", participant.realness().name());
    return fields;
  }

  Map<String, Object> json() {
    Map<String, Object> fields = json(participant);
    fields.put("settings", settings);
    fields.put("addressKeys", addressKeys);
    fields.put("prefix", prefix);
    return fields;
  }

  static Participant participant(Map<?, ?> fields) {
    return new Participant(
        text(fields, "name"),
        text(fields, "scheme"),
        ResultText.read(fields.get("server")),
        Realness.valueOf(text(fields, "realness")));
  }

  static ParticipantAccess of(Map<?, ?> fields) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (fields.get("settings") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
    }
    List<String> keys = new ArrayList<>();
    if (fields.get("addressKeys") instanceof List<?> list) {
      list.forEach(key -> keys.add(String.valueOf(key)));
    }
    return new ParticipantAccess(participant(fields), settings, keys, text(fields, "prefix"));
  }

  private static String text(Map<?, ?> fields, String key) {
    return String.valueOf(fields.get(key));
  }

  /** The folder of a store of files. */
  Path folder() {
    return Path.of(setting("gpg.store"));
  }

  @Override
  public String toString() {
    return "Subject[" + name() + "]";
  }
}
