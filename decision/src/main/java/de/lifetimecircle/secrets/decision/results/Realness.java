package de.lifetimecircle.secrets.decision.results;

/** How much of the service a team would use answered in a measurement. */
public enum Realness {
  /** The program itself, on this machine: OpenBao, files and {@code gpg}. */
  REAL,
  /** A stand-in not written by the vendor: its times are not those of the service. */
  EMULATED,
  /** A server or an account that the environment named. */
  NAMED
}
