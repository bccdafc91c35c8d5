package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/** Deletes, restores and purges. */
record Deletes(RecentWrites recent) {
  void delete(Call call) {
    long days = call.config().recoveryDays();
    delete(call, request -> request.recoveryWindowInDays(days));
  }

  private void delete(Call call, UnaryOperator<DeleteSecretRequest.Builder> kind) {
    var unused =
        call.ask(
            sdk ->
                sdk.deleteSecret(
                    r -> kind.apply(r).secretId(call.name()).overrideConfiguration(call.inTime())));
    recent.forget(call.name());
  }

  void restore(Call call) {
    requireDeleted(call);
    var unused =
        call.ask(
            sdk ->
                sdk.restoreSecret(
                    r -> r.secretId(call.name()).overrideConfiguration(call.inTime())));
    var unusedLive =
        recent.until(
            call,
            "it is restored and not shown yet",
            () -> Optional.of(call.describe()).filter(known -> known.deletedDate() == null));
  }

  /**
   * Removes the secret for good. AWS does that in the background, and this call waits until no
   * reader can see the secret. Its name can be used again only then, sometimes a moment later.
   */
  void purge(Call call) {
    requireDeleted(call);
    delete(call, request -> request.forceDeleteWithoutRecovery(true));
    var unusedGone =
        recent.until(
            call,
            "it is purged and still shown",
            () -> call.found(call::describe).isPresent() ? Optional.empty() : Optional.of("gone"));
  }

  private static void requireDeleted(Call call) {
    DescribeSecretResponse known = call.describe();
    if (known.deletedDate() == null) {
      throw StoreFailure.of(Kind.CONFLICT, "it is not deleted", "Delete it first");
    }
  }
}
