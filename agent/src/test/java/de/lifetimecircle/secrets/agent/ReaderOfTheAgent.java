package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.PutResult;
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

/** A store that reads through one client and writes through another, by one kind of version id. */
record ReaderOfTheAgent(SecretStore reader, FakeStore writer)
    implements VersionedStore, ListableStore, BatchStore, WritableStore, DeletableStore {

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
    return reader.fetch(name);
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    return ((VersionedStore) reader).fetchVersion(name, version);
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return ((VersionedStore) reader).versions(name);
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
    return reader.describe(name);
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
                request.name(),
                request.value(),
                request.condition(),
                expected == null ? null : ours(expected),
                request.stage(),
                request.id()));
    return new PutResult(AwsVersionIds.toAws(result.version()), result.outcome());
  }

  @Override
  public void promote(String name, String version) {
    writer.promote(name, ours(version));
  }

  @Override
  public void delete(String name) {
    writer.delete(name);
  }

  @Override
  public void restore(String name) {
    writer.restore(name);
  }

  @Override
  public void purge(String name) {
    writer.purge(name);
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
