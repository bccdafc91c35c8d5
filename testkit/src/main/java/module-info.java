/**
 * The kit for tests of a service or a backend: the contract of every backend, a fake store and
 * clock, a probe for leaked secrets, and a proxy that fails on demand.
 */
module de.lifetimecircle.secrets.testkit {
  requires transitive de.lifetimecircle.secrets;
  requires java.logging;
  requires org.assertj.core;
  requires static org.bouncycastle.pkix; // only TestAuthority
  requires static org.bouncycastle.provider;
  requires static transitive org.jspecify;
  requires transitive org.junit.jupiter.api;
  requires org.junit.jupiter.params;

  exports de.lifetimecircle.secrets.testkit;

  // JUnit calls the tests of the contract, which are not public.
  opens de.lifetimecircle.secrets.testkit to
      org.junit.platform.commons;
}
