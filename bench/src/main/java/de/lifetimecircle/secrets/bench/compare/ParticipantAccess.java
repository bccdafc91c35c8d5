package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A participant and how it is reached. Immutable; {@code toString} shows no setting.
 *
 * @param participant who
 * @param settings of the backend, as in a file, scheme included
 * @param addressKeys the settings that hold the address of its server; none where nothing may come
 *     between: a server that others run, files, a backend unknown here
 * @param prefix of every name that is written
 */
public record ParticipantAccess(
    Participant participant,
    Map<String, String> settings,
    List<String> addressKeys,
    String prefix) {
  /** Copies the collections. */
  public ParticipantAccess {
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

  /** Whether others run its server. */
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

  /** The folder of a store of files. */
  Path folder() {
    return Path.of(setting("gpg.store"));
  }

  @Override
  public String toString() {
    return "Subject[" + name() + "]";
  }
}
