package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Secrets in AWS Secrets Manager.
 *
 * <p>Safe for use by several threads. Retries nothing but a call whose login died, once. Waits,
 * within the time of the call, for AWS's work in the background: a restore, a purge, and a version
 * that this store wrote and AWS does not show yet.
 */
public final class AwsStore
    implements VersionedStore,
        ListableStore,
        BatchStore,
        RevalidatingStore,
        WritableStore,
        DeletableStore,
        RetiringStore {
  private static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(Capability.EMPTY_VALUE, Capability.READ_AFTER_WRITE)));

  private final Client client;
  private final RecentWrites recent = new RecentWrites();
  private final VersionLists lists = new VersionLists(System::nanoTime);
  private final Reads reads = new Reads(recent, lists);
  private final Labels labels = new Labels(reads, recent);
  private final Writes writes = new Writes(reads, recent, labels);
  private final Deletes deletes = new Deletes(recent);

  public AwsStore(Settings config) {
    this.client = new Client(config);
  }

  @Override
  public String scheme() {
    return ErrorCodes.SCHEME;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Map<String, String> place() {
    return Map.of("region", client.config().region());
  }

  @Override
  public StoredSecret fetch(String name) {
    return ofName("fetch secret", name, reads::current);
  }

  @Override
  public Optional<StoredSecret> fetchUnless(
      String name, String version, Instant created, int size) {
    return ofName("fetch secret", name, call -> reads.unless(call, version, created, size));
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    return ofName("fetch a version of secret", name, call -> reads.version(call, version));
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return ofName("list the versions of secret", name, reads::versions);
  }

  @Override
  public Map<String, String> describe(String name) {
    return ofName("describe secret", name, Facts::describe);
  }

  @Override
  public Map<String, String> check() {
    return client.call("reach Secrets Manager", null, Facts::check);
  }

  @Override
  public List<String> list(String prefix) {
    return list(prefix, ListProgress.NONE);
  }

  @Override
  public List<String> list(String prefix, ListProgress progress) {
    return client.call("list secrets", null, call -> reads.names(call, prefix, progress));
  }

  @Override
  public Map<String, Answer> fetchAll(Collection<String> names) {
    return new BatchReads(client, reads, recent).fetchAll(names);
  }

  @Override
  public PutResult put(PutRequest request) {
    return ofOwn("put secret", request.name(), call -> writes.put(call, request));
  }

  @Override
  public void promote(String name, String version) {
    change("promote a version of secret", name, call -> labels.promote(call, version));
  }

  @Override
  public void retire(String name, String version) {
    change("retire a version of secret", name, call -> writes.retire(call, version));
  }

  @Override
  public void delete(String name) {
    change("delete secret", name, deletes::delete);
  }

  @Override
  public void restore(String name) {
    change("restore secret", name, deletes::restore);
  }

  @Override
  public void purge(String name) {
    change("purge secret", name, deletes::purge);
  }

  private void change(String action, String name, Consumer<Call> work) {
    var unused =
        ofOwn(
            action,
            name,
            call -> {
              work.accept(call);
              return name;
            });
  }

  private <T> T ofOwn(String action, String name, Function<Call, T> work) {
    return ofName(
        action,
        name,
        call -> {
          Names.requireOwn(name);
          lists.forget(name);
          return work.apply(call);
        });
  }

  private <T> T ofName(String action, String name, Function<Call, T> work) {
    return client.call(
        action,
        name,
        call -> {
          Names.require(name, client.config().region());
          return work.apply(call);
        });
  }

  @Override
  public OptionalLong requests() {
    return OptionalLong.of(client.requests());
  }

  @Override
  public void close() {
    recent.close();
    client.close();
  }

  @Override
  public String toString() {
    return "AwsStore[" + client.config().region() + "]";
  }
}
