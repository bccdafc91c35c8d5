package org.example.fresh;

import de.lifetimecircle.secrets.applications.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Projects of nothing but the text of pages in docs, and their build. */
final class Projects {
  private static final List<String> MODULES =
      List.of(
          "api", "file-gpg-provider", "integrations/jdbc", "integrations/spring-boot",
          "integrations/microprofile", "integrations/quarkus", "integrations/kafka", "testkit");

  private final Path work;
  private final List<String> projects = new ArrayList<>();

  Projects(Path work) {
    this.work = work;
  }

  /** The first block of that language on a page after a heading; after its beginning if there is none. */
  static String block(String page, String heading, String language) throws IOException {
    String text = Files.readString(Pages.ROOT.resolve(page));
    text = text.substring(text.indexOf(heading));
    int begin = text.indexOf("```" + language + "\n");
    if (begin < 0) {
      throw new IllegalStateException(page + " has no block of " + language);
    }
    begin += language.length() + 4;
    return text.substring(begin, text.indexOf("```", begin));
  }

  /** The same for settings, with the store of files instead of the backend that the page has. */
  static String settings(String page, String heading) throws IOException {
    return block(page, heading, "properties").replaceAll("(?m)^(.*\\bbackend)=.*", "$1=gpg");
  }

  /** A version that one of the applications has. */
  static String version(String application, String property) throws IOException {
    String text = Files.readString(Pages.ROOT.resolve("tests/applications/" + application + "/pom.xml"));
    int begin = text.indexOf("<" + property + ">") + property.length() + 2;
    return text.substring(begin, text.indexOf("<", begin));
  }

  static String dependency(String group, String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n"
        .formatted(group, artifact, version);
  }

  /** The dependency on the store of files, as docs/spring-boot.md has one on a backend. */
  static String backend() throws IOException {
    String page = block("docs/spring-boot.md", "", "xml");
    return page.substring(page.lastIndexOf("<dependency>")).replace("vault-provider", "file-gpg-provider");
  }

  /**
   * Adds a project with the pom of docs/first-secret.md.
   *
   * @param managed versions that come before ours
   * @param dependencies instead of those of docs/first-secret.md
   * @param plugin of a framework
   * @param file of settings, and its content
   */
  void add(String name, String managed, String dependencies, String plugin, String file, String content)
      throws IOException {
    String tutorial = block("docs/first-secret.md", "", "xml").replaceFirst("<!-- pom.xml -->\\s*", "");
    int begin = tutorial.lastIndexOf("<dependencies>") + "<dependencies>".length();
    String pom =
        tutorial.substring(0, begin) + "\n" + dependencies
            + tutorial.substring(tutorial.lastIndexOf("</dependencies>"));
    pom =
        pom.replaceFirst("<dependencies>", "<dependencies>\n" + managed)
            .replace("</project>", plugin + "</project>")
            .replace("<artifactId>service</artifactId>", "<artifactId>" + name + "</artifactId>");
    Path folder = work.resolve(name);
    Path java = Files.createDirectories(folder.resolve("src/main/java"));
    Path resources = Files.createDirectories(folder.resolve("src/main/resources"));
    Files.writeString(folder.resolve("pom.xml"), pom);
    Files.writeString(resources.resolve(file), content);
    String service = Files.readString(Path.of("src/test/projects", name, "Service.java"));
    if (service.contains("// the lines of the page")) {
      service = service.replace("// the lines of the page", block("docs/" + name + ".md", "", "java"));
    }
    Files.writeString(java.resolve("Service.java"), service);
    projects.add(name);
  }

  /** Adds a test of Spring Boot; the projects have no package, in which Boot would look for the application. */
  void test(String name, String type, String code) throws IOException {
    Path java = Files.createDirectories(work.resolve(name).resolve("src/test/java"));
    String found = code.replaceFirst("@SpringBootTest(?:\\((.*)\\))?\n", "@SpringBootTest(classes = Service.class, $1)\n");
    Files.writeString(java.resolve(type + ".java"), found.replace("Service.class, )", "Service.class)"));
  }

  /** Builds them in a Maven repository of their own, which has our artifacts as they are published. */
  void build() throws Exception {
    String version = Files.readString(Pages.ROOT.resolve("pom.xml")).replaceFirst("(?s).*?<version>(.*?)<.*", "$1");
    publish("secrets-parent", version, "pom.xml", "");
    publish("secrets-bom", version, "bom/.flattened-pom.xml", "");
    for (String module : MODULES) {
      String artifact = "secrets-" + Path.of(module).getFileName() + (module.endsWith("boot") ? "-starter" : "");
      publish(artifact, version, module + "/pom.xml", module + "/target/" + artifact + "-" + version + ".jar");
    }
    // All other artifacts come from the caller's repository; what it lacks, Maven downloads.
    String cache =
        ("<%1$s><id>cache</id><url>file://" + System.getProperty("user.home") + "/.m2/repository</url>"
            + "<releases><checksumPolicy>ignore</checksumPolicy></releases></%1$s>");
    Path settings =
        Files.writeString(
            work.resolve("settings.xml"),
            ("<settings><profiles><profile><id>fresh</id><repositories>" + cache.formatted("repository")
                + "</repositories><pluginRepositories>" + cache.formatted("pluginRepository")
                + "</pluginRepositories></profile></profiles>"
                + "<activeProfiles><activeProfile>fresh</activeProfile></activeProfiles></settings>"));
    StringBuilder modules = new StringBuilder();
    projects.forEach(name -> modules.append("<module>").append(name).append("</module>"));
    Files.writeString(
        work.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>services</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>%s</modules>
        </project>
        """
            .formatted(modules));
    Path log = work.resolve("build.log");
    ProcessBuilder maven =
        new ProcessBuilder(
            "mvn", "-B", "-gs", settings.toString(), "-Dmaven.repo.local=" + work.resolve("repository"),
            "package", "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath",
            "-Dmdep.outputFile=target/class-path");
    maven.directory(work.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    if (maven.start().waitFor() != 0) {
      throw new AssertionError("Cannot build a fresh project:\n" + Files.readString(log));
    }
  }

  private void publish(String artifact, String version, String pom, String jar) throws IOException {
    Path folder =
        Files.createDirectories(
            work.resolve("repository/de/lifetimecircle/secrets").resolve(artifact).resolve(version));
    Files.copy(Pages.ROOT.resolve(pom), folder.resolve(artifact + "-" + version + ".pom"));
    if (!jar.isEmpty()) {
      Files.copy(Pages.ROOT.resolve(jar), folder.resolve(artifact + "-" + version + ".jar"));
    }
  }
}
