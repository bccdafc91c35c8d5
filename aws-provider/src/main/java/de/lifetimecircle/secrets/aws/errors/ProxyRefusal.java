package de.lifetimecircle.secrets.aws.errors;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;

/** A proxy that refused a request itself: AWS has not seen the request. Immutable. */
public final class ProxyRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final StoreFailure failure;

  public ProxyRefusal(StoreFailure failure) {
    super(failure.reason());
    this.failure = failure;
  }

  /** Returns the failure for the caller of the store. */
  public StoreFailure failure() {
    return failure;
  }
}
