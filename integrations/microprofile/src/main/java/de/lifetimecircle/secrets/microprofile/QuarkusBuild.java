package de.lifetimecircle.secrets.microprofile;

import org.jspecify.annotations.Nullable;

/** Whether this code runs in the build of a Quarkus application. Stateless. */
final class QuarkusBuild {
  /** On the class path while Quarkus augments, and in no application. */
  private static final String AUGMENTATION = "io/quarkus/deployment/QuarkusAugmentor.class";

  private QuarkusBuild() {}

  static boolean isUnderWay() {
    return sees(Thread.currentThread().getContextClassLoader())
        || sees(QuarkusBuild.class.getClassLoader());
  }

  private static boolean sees(@Nullable ClassLoader loader) {
    return loader != null && loader.getResource(AUGMENTATION) != null;
  }
}
