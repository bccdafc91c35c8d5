package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;

/** A proxy that refused a request itself: AWS has not seen the request. Immutable. */
final class AwsProxyRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final StoreFailure failure;

  AwsProxyRefusal(StoreFailure failure) {
    super(failure.reason());
    this.failure = failure;
  }

  /** Returns the failure for the caller of the store. */
  StoreFailure failure() {
    return failure;
  }
}
