package org.example.shop;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The same service on quarkus-vault, beside ours on the same OpenBao: the same rotations of a single
 * user and of a property. Nothing is required of the other; the table is for the page.
 */
final class VaultPeer {
  private static final int ROTATIONS = 5;
  private static final long PATIENCE_MILLIS = 10_000;

  /** A statement on the database. */
  interface Sql {
    void run(String statement) throws Exception;
  }

  private final Path folder;
  private final int port;
  private final Cloud cloud;
  private final LeakProbe probe;
  private final Sql sql;
  private final List<String> rows = new ArrayList<>();

  VaultPeer(Path folder, int databasePort, Cloud cloud, LeakProbe probe, Sql sql) {
    this.folder = folder;
    this.port = databasePort;
    this.cloud = cloud;
    this.probe = probe;
    this.sql = sql;
  }

  private SecretWriter writer(String field) {
    Map<String, String> variables = new HashMap<>(cloud.variables());
    variables.put("SECRETS_VAULT_FIELD", field);
    return SecretProvider.builder().environment(variables).buildWriter();
  }

  private static void put(SecretWriter writer, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  /** Returns a row for each of the two. */
  List<String> run() throws Exception {
    sql.run("CREATE ROLE peer LOGIN");
    sql.run("CREATE ROLE shop_c LOGIN");
    try (SecretWriter ours = writer("value");
        SecretWriter password = writer("password");
        SecretWriter apiKey = writer("peer-api-key")) {
      String[] keys = rotate(ours, password, apiKey);
      Map<String, String> variables = new HashMap<>(cloud.variables());
      variables.put("SHOP_DATABASE_PORT", "" + port);
      variables.put("QUARKUS_VAULT_URL", variables.get("SECRETS_VAULT_ADDRESS"));
      variables.put("QUARKUS_VAULT_AUTHENTICATION_CLIENT_TOKEN", variables.get("SECRETS_VAULT_TOKEN"));
      variables.put("QUARKUS_VAULT_TLS_CA_CERT", variables.get("SECRETS_VAULT_CA_FILE"));
      Path peer = Files.createDirectories(folder.resolve("peer"));
      try (Shop shop = Shop.start(folder, "shop-beside", LocalServer.freePort(), variables);
          Shop other = Shop.start(peer, "shop", LocalServer.freePort(), variables)) {
        requireUser(shop, "shop_c");
        requireUser(other, "peer");
        int[] followed = new int[2];
        try (Load load = new Load(shop, 2, "/user");
            Load otherLoad = new Load(other, 2, "/user")) {
          for (int i = 0; i < ROTATIONS; i++) {
            keys = rotate(ours, password, apiKey);
            followed[0] += followed(shop, keys[0]) ? 1 : 0;
            followed[1] += followed(other, keys[1]) ? 1 : 0;
            LockSupport.parkNanos(1_000_000_000L);
          }
          load.close();
          otherLoad.close();
          row("`secrets-quarkus`", load, followed[0]);
          row("quarkus-vault 4.7.0", otherLoad, followed[1]);
        }
      }
    }
    return rows;
  }

  private void row(String label, Load load, int followed) {
    rows.add(
        "| " + label + " | " + load.failed() + " of " + load.requests() + " | " + followed + " of "
            + ROTATIONS + " |");
  }

  private static void requireUser(Shop shop, String user) throws Exception {
    String answer = shop.get("/user");
    if (!answer.equals(user)) {
      throw new IllegalStateException("the application answers " + answer + ", not " + user);
    }
  }

  /** Both users get a new password, which is stored right after; and both applications a new key. */
  private String[] rotate(SecretWriter ours, SecretWriter password, SecretWriter apiKey)
      throws Exception {
    String one = probe.canary("password of shop_c");
    sql.run("ALTER ROLE shop_c PASSWORD '" + one + "'");
    put(ours, "shop/DATABASE", "{\"username\":\"shop_c\",\"password\":\"" + one + "\"}");
    String other = probe.canary("password of peer");
    sql.run("ALTER ROLE peer PASSWORD '" + other + "'");
    put(password, "peer/database", other);
    String[] keys = {probe.canary("api key"), probe.canary("api key of the peer")};
    put(ours, "shop/API_KEY", keys[0]);
    put(ours, "shop/PARTNER", "{\"token\":\"none\"}");
    put(apiKey, "peer/config", keys[1]);
    return keys;
  }

  private static boolean followed(Shop shop, String key) throws Exception {
    long begin = System.nanoTime();
    while (!shop.get("/values").contains(key)) {
      if ((System.nanoTime() - begin) / 1_000_000 > PATIENCE_MILLIS) {
        return false;
      }
      LockSupport.parkNanos(50_000_000L);
    }
    return true;
  }
}
