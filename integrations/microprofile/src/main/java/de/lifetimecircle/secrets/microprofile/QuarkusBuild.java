package de.lifetimecircle.secrets.microprofile;

import org.jspecify.annotations.Nullable;

/**
 * Whether this code runs in the build of a Quarkus application, or of a native image of it: that
 * runs the first part of the start, and keeps the heap. Stateless.
 */
final class QuarkusBuild {
  /** On the class path while Quarkus augments, and in no application. */
  private static final String AUGMENTATION = "io/quarkus/deployment/QuarkusAugmentor.class";

  /** GraalVM sets it to "buildtime" in the build of an image, and to "runtime" in the image. */
  private static final String IMAGE_CODE = "org.graalvm.nativeimage.imagecode";

  private QuarkusBuild() {}

  static boolean isUnderWay() {
    return "buildtime".equals(System.getProperty(IMAGE_CODE))
        || sees(Thread.currentThread().getContextClassLoader())
        || sees(QuarkusBuild.class.getClassLoader());
  }

  private static boolean sees(@Nullable ClassLoader loader) {
    return loader != null && loader.getResource(AUGMENTATION) != null;
  }
}
