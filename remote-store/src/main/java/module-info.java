/**
 * The toolbox of remote stores: what a backend over HTTP needs beside the interfaces in {@code
 * de.lifetimecircle.secrets.spi}.
 */
module de.lifetimecircle.secrets.remote {
  requires transitive de.lifetimecircle.secrets;
  requires transitive java.net.http;
  requires static transitive org.jspecify;

  exports de.lifetimecircle.secrets.remote;
}
