import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Two projects made of the pages: {@code write} makes their files, {@code run} starts and judges them. */
public final class Fresh {
  private static final String ROLE = "fresh";

  private final Path root;
  private final Path work;
  private final Map<String, String> environment;

  private Fresh(Path root, Path work) {
    this.root = root;
    this.work = work;
    this.environment =
        Map.of(
            "SECRETS_BACKEND", "gpg",
            "SECRETS_GPG_STORE", work.resolve("store").toString(),
            "SECRETS_GPG_KEY_FILE", work.resolve("key.pgp").toString(),
            "SECRETS_SOFT_AGE", "1s");
  }

  public static void main(String[] arguments) throws Exception {
    Fresh fresh = new Fresh(Path.of(arguments[1]), Path.of(arguments[2]));
    if (arguments[0].equals("write")) {
      fresh.write();
    } else {
      fresh.run();
    }
  }

  /** The first block of that language on a page. */
  private String block(String page, String language) throws IOException {
    String text = Files.readString(root.resolve(page));
    int begin = text.indexOf("```" + language + "\n");
    if (begin < 0) {
      throw new IllegalStateException(page + " has no block of " + language);
    }
    begin += language.length() + 4;
    return text.substring(begin, text.indexOf("```", begin));
  }

  private String version(String pom, String property) throws IOException {
    String text = Files.readString(root.resolve(pom));
    int begin = text.indexOf("<" + property + ">") + property.length() + 2;
    return text.substring(begin, text.indexOf("<", begin));
  }

  private static String dependency(String group, String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n"
        .formatted(group, artifact, version);
  }

  /** The pom of README.md, with the dependencies of a page instead of its own. */
  private void pom(String project, String dependencies) throws IOException {
    String readme = block("README.md", "xml").replaceFirst("<!-- pom.xml -->\\s*", "");
    int begin = readme.lastIndexOf("<dependencies>") + "<dependencies>".length();
    String pom =
        readme.substring(0, begin)
            + "\n"
            + dependencies
            + readme.substring(readme.lastIndexOf("</dependencies>"));
    Files.createDirectories(work.resolve(project).resolve("src/main/java"));
    Files.createDirectories(work.resolve(project).resolve("src/main/resources"));
    Files.writeString(
        work.resolve(project).resolve("pom.xml"),
        pom.replace("<artifactId>service</artifactId>", "<artifactId>" + project + "</artifactId>"));
  }

  private void write() throws IOException {
    String pools = "integrations/it/pools/pom.xml";
    String gpg = block("docs/spring-boot.md", "xml").replace("secrets-vault-provider", "secrets-file-gpg-provider");
    String backend = gpg.substring(gpg.lastIndexOf("<dependency>"));
    pom(
        "jdbc",
        block("docs/jdbc.md", "xml")
            + backend
            + dependency("com.zaxxer", "HikariCP", version(pools, "hikari.version"))
            + dependency("org.slf4j", "slf4j-nop", version(pools, "slf4j.version"))
            + dependency("org.postgresql", "postgresql", version(pools, "postgresql.version")));
    Files.writeString(
        work.resolve("jdbc/src/main/java/Service.java"),
        """
        import com.zaxxer.hikari.*;
        import de.lifetimecircle.secrets.*;
        import de.lifetimecircle.secrets.jdbc.*;

        public class Service {
          public static void main(String[] arguments) throws Exception {
            %s
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              pool.getHikariPoolMXBean().softEvictConnections();
              try (var connection = pool.getConnection();
                  var result = connection.createStatement().executeQuery("select current_user")) {
                result.next();
                System.out.println("answer " + result.getString(1));
              }
            }
          }
        }
        """
            .formatted(block("docs/jdbc.md", "java")));
    String boot = version("integrations/it/boot4/pom.xml", "spring-boot.version");
    pom("boot", gpg + dependency("org.springframework.boot", "spring-boot-starter", boot));
    Files.writeString(
        work.resolve("boot/src/main/resources/application.properties"),
        block("docs/spring-boot.md", "properties").replace("=vault", "=gpg"));
    Files.writeString(
        work.resolve("boot/src/main/java/Service.java"),
        """
        import org.springframework.boot.*;
        import org.springframework.boot.autoconfigure.*;
        import org.springframework.core.env.*;

        @SpringBootConfiguration
        @EnableAutoConfiguration
        public class Service {
          public static void main(String[] arguments) throws Exception {
            Environment environment = SpringApplication.run(Service.class).getEnvironment();
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              System.out.println("answer " + environment.getProperty("shop.api-key"));
            }
          }
        }
        """);
    Files.writeString(
        work.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>services</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules><module>jdbc</module><module>boot</module></modules>
        </project>
        """);
  }

  private void run() throws Exception {
    try (SecretWriter writer = SecretProvider.builder().environment(environment).buildWriter();
        PostgresServer database = PostgresServer.start()) {
      String password = UUID.randomUUID().toString();
      sql(database, "CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + password + "'");
      put(writer, "prod/DATABASE_URL", url(database, password));
      put(writer, "API_KEY", "the first");
      try (Service jdbc = new Service("jdbc");
          Service boot = new Service("boot")) {
        jdbc.answers(ROLE);
        boot.answers("the first");
        String next = UUID.randomUUID().toString();
        String pending;
        try (SecretValue value = SecretValue.of(url(database, next))) {
          pending = writer.putPending("prod/DATABASE_URL", value).version();
        }
        sql(database, "ALTER ROLE " + ROLE + " PASSWORD '" + next + "'");
        jdbc.answers(ROLE);
        writer.promote("prod/DATABASE_URL", pending);
        jdbc.answers(ROLE);
        put(writer, "API_KEY", "the second");
        boot.answers("the second");
        System.out.println(
            "fresh: a project for JDBC and one for Spring Boot, made of their pages, build and follow a rotation");
      }
    }
  }

  private static String url(PostgresServer database, String password) {
    return "postgresql://" + ROLE + ":" + password + "@127.0.0.1:" + database.port() + "/postgres";
  }

  private static void put(SecretWriter writer, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  private static void sql(PostgresServer database, String command) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                "postgres",
                database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  /** One of the projects as a process, which answers a line for each byte. */
  private final class Service implements AutoCloseable {
    private final String project;
    private final Process process;
    private final BufferedReader output;

    Service(String project) throws IOException {
      this.project = project;
      Path target = work.resolve(project).resolve("target");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-cp"));
      command.add(target.resolve("classes") + ":" + Files.readString(target.resolve("class-path")).strip());
      command.add("Service");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(work.resolve(project + ".log").toFile());
      builder.environment().putAll(environment);
      this.process = builder.start();
      this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Asks until the answer is this one, since a rotation is followed after a moment. */
    void answers(String expected) throws IOException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      String answer = "";
      while (!answer.equals(expected)) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(project + " answers " + answer + ", not " + expected);
        }
        process.getOutputStream().write('?');
        process.getOutputStream().flush();
        answer = answer();
        LockSupport.parkNanos(50_000_000);
      }
    }

    private String answer() throws IOException {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("answer ")) {
          return line.substring("answer ".length());
        }
      }
      throw new IllegalStateException(project + " ended; see " + work.resolve(project + ".log"));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
