package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A store that reads through one client and writes through another, by one kind of version id.
 *
 * @param changed hears of each write, as an agent does that hears of a rotation
 */
record ReaderOfTheAgent(SecretStore reader, FakeStore writer, Consumer<String> changed)
    implements VersionedStore, ListableStore, BatchStore, WritableStore, DeletableStore {

  private static final Pattern NAME =
      Pattern.compile("(?!.*(?:^|/)(?:\\.{1,2}|)(?:/|$))[A-Za-z0-9/_+=.@-]{1,512}");

  /** Refuses a name that clients of AWS cannot ask for, or that no backend of the library takes. */
  private static String taken(String name) {
    if (!NAME.matcher(name).matches()) {
      throw SecretException.of(SecretException.Kind.BAD_NAME, "use the name")
          .name(name)
          .scheme("aws")
          .build();
    }
    return name;
  }

  private static String ours(String id) {
    return AwsVersionIds.fromAws(id, List.of()).orElse(id);
  }

  @Override
  public String scheme() {
    return reader.scheme();
  }

  @Override
  public Set<Capability> capabilities() {
    return writer.capabilities();
  }

  @Override
  public StoredSecret fetch(String name) {
    return reader.fetch(taken(name));
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    return ((VersionedStore) reader).fetchVersion(taken(name), version);
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return ((VersionedStore) reader).versions(taken(name));
  }

  @Override
  public List<String> list(String prefix) {
    return ((ListableStore) reader).list(prefix);
  }

  @Override
  public Map<String, Answer> fetchAll(Collection<String> names) {
    return ((BatchStore) reader).fetchAll(names);
  }

  @Override
  public Map<String, String> describe(String name) {
    return reader.describe(taken(name));
  }

  @Override
  public Map<String, String> check() {
    return reader.check();
  }

  @Override
  public PutResult put(PutRequest request) {
    String expected = request.expectedVersion();
    PutResult result =
        writer.put(
            new PutRequest(
                taken(request.name()),
                request.value(),
                request.condition(),
                expected == null ? null : ours(expected),
                request.stage(),
                request.id(),
                request.description()));
    changed.accept(request.name());
    return new PutResult(AwsVersionIds.toAws(result.version()), result.outcome());
  }

  @Override
  public void promote(String name, String version) {
    writer.promote(taken(name), ours(version));
    changed.accept(name);
  }

  @Override
  public void delete(String name) {
    writer.delete(taken(name));
    changed.accept(name);
  }

  @Override
  public void restore(String name) {
    writer.restore(taken(name));
    changed.accept(name);
  }

  @Override
  public void purge(String name) {
    writer.purge(taken(name));
    changed.accept(name);
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
