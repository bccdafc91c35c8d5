package org.example.quarkus;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.util.Map;
import java.util.TreeMap;

/** The secrets of the shop in one backend. */
final class ShopSecrets {
  static final String API_KEY = "shop/API_KEY";

  private final RunningBackend backend;
  private final Database database;
  private final LeakProbe probe;
  private String user = "";
  private String apiKey = "";
  private String token = "";

  ShopSecrets(RunningBackend backend, Database database, LeakProbe probe) throws Exception {
    this.backend = backend;
    this.database = database;
    this.probe = probe;
    rotate("shop_a");
  }

  /** The variables of the application. */
  Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(backend.environment());
    variables.put("SHOP_DATABASE_PORT", "" + database.port());
    return variables;
  }

  /** Two users take turns: the old login stays valid until the next rotation. */
  void turn() throws Exception {
    rotate(user.equals("shop_a") ? "shop_b" : "shop_a");
  }

  /** The same user gets another password, which is promoted right after. */
  void rotateSameUser() throws Exception {
    rotate(user);
  }

  private void rotate(String next) throws Exception {
    new Login(database, next, backend.writer(), "shop/DATABASE", password -> json(next, password), probe).replace();
    user = next;
    apiKey = probe.canary("api key");
    backend.put(API_KEY, apiKey);
    token = probe.canary("token");
    backend.put("shop/PARTNER", "{\"token\":\"" + token + "\"}");
  }

  static String json(String user, String password) {
    return "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}";
  }

  String apiKey() {
    return apiKey;
  }

  boolean areShownBy(Shop shop) throws Exception {
    return shop.http().get("/values").equals(apiKey + " " + token + " " + apiKey)
        && shop.http().get("/user").equals(user);
  }
}
