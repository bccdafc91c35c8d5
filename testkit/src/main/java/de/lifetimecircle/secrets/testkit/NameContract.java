package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Point 7, names: one may be refused; a write that cannot be read back or that damages a neighbour
 * may not happen.
 */
interface NameContract extends ContractSubject {

  @ParameterizedTest
  @ValueSource(strings = {"LTC_SECRET_KEY", "prod/LTC_SECRET_KEY", "a", "A-1", "a/b/c/d"})
  default void nameOfOurOwnIsTaken(String name) {
    requires(Capability.WRITE);
    client().put(name, "value of " + name);
    ContractClient second = client();
    assertThat(second.text(name)).isEqualTo("value of " + name);
    if (can(Capability.LIST)) {
      assertThat(second.list("")).containsExactly(name);
    }
  }

  @ParameterizedTest
  @EnumSource(OddName.class)
  default void nameIsRefusedOrKept(OddName odd) {
    requires(Capability.WRITE);
    ContractClient client = client();
    client.put("neighbour", "untouched");
    boolean isTaken = isTaken(client, odd.text, "odd");
    ContractClient second = client();
    if (isTaken) {
      assertThat(second.text(odd.text)).isEqualTo("odd");
    }
    if (can(Capability.LIST)) {
      assertThat(second.list(""))
          .containsExactlyInAnyOrderElementsOf(
              isTaken ? List.of("neighbour", odd.text) : List.of("neighbour"));
    }
    assertThat(second.text("neighbour")).isEqualTo("untouched");
  }

  /** Writes; false if the name was refused, which the store must then do for reads as well. */
  private boolean isTaken(ContractClient client, String name, String value) {
    try {
      client.put(name, value);
      return true;
    } catch (SecretException e) {
      assertThat(e.kind()).as("a name is refused by: %s", e.getMessage()).isEqualTo(Kind.BAD_NAME);
      fails(Set.of(Kind.BAD_NAME, Kind.NOT_FOUND), () -> client.store().fetch(name));
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "a\u0000b", "a\nb"})
  default void nameThatLeadsElsewhereIsRefusedByTheProvider(String name) {
    seed(NAME, "held");
    fails(Kind.BAD_NAME, () -> provider().get(name));
  }

  /** Not parameters, whose text is in the report of a run: a report is text as well. */
  @Test
  default void nameThatIsNotTextIsRefusedByTheProvider() {
    seed(NAME, "held");
    for (String name : List.of("loc/\ufffd", "a\ud83d", "\udd11a")) {
      fails(Kind.BAD_NAME, () -> provider().get(name));
    }
  }

  @Test
  default void longestNameIsTakenAndOneMoreRefused() {
    requires(Capability.WRITE);
    String longest = "n".repeat(limits().maxName());
    ContractClient client = client();
    ContractClient second = client();
    client.put(longest, "long");
    assertThat(second.text(longest)).isEqualTo("long");
    if (can(Capability.LIST)) {
      assertThat(second.list("n")).containsExactly(longest);
    }
    fails(Kind.BAD_NAME, () -> client.put(longest + "n", "longer"));
    fails(Set.of(Kind.BAD_NAME, Kind.NOT_FOUND), () -> second.store().fetch(longest + "n"));
    assertThat(second.text(longest)).isEqualTo("long");
  }

  @Test
  default void namesThatDifferInCaseOnlyAreDifferent() {
    requires(Capability.WRITE);
    keepsApart(List.of("db/Key", "db/key", "DB/KEY", "Db/key", "db/kEY"));
  }

  @Test
  default void namesThatDifferInASignOnlyAreDifferent() {
    requires(Capability.WRITE);
    keepsApart(
        List.of("a/b", "a-b", "a_b", "a.b", "ab", "a--b", "a-sb", "a-ub", "a-db", "a__b", "a_2Fb"));
  }

  @Test
  default void namesThatLookEncodedAreDifferent() {
    requires(Capability.WRITE);
    keepsApart(List.of("x y", "x+y", "x%20y", "x%2Fy", "x/y", "x%2fy", "x%252Fy", "x-x20y", "x=y"));
  }

  /** A file system, a collation or a client may make one name of two that look alike. */
  @Test
  default void namesThatLookAlikeAreDifferent() {
    requires(Capability.WRITE);
    keepsApart(
        List.of(
            "look/u",
            "look/\u00fc",
            "look/u\u0308",
            "look/\u212a",
            "look/K",
            "look/\uff2b",
            "look/k"));
  }

  /** A client that encodes a name in UTF-8 makes one and the same character of all of these. */
  @Test
  default void namesThatAreNotTextAreDifferent() {
    requires(Capability.WRITE);
    keepsApart(List.of("loc/x", "loc/?", "loc/\ufffd", "loc/\ud83d", "loc/\ud83e", "loc/\udd11"));
  }

  @Test
  default void nameAndFolderOfTheSameNameStandSideBySide() {
    requires(Capability.WRITE);
    keepsApart(List.of("tree", "tree/leaf", "tree/leaf/twig", "tree.gpg", "tree.json", "tree/1"));
  }

  /**
   * Writes those of these names that the backend accepts, then checks that each still has its own
   * value.
   */
  private void keepsApart(List<String> names) {
    ContractClient client = client();
    Map<String, String> taken = new LinkedHashMap<>();
    for (String name : names) {
      if (isTaken(client, name, "value of " + name)) {
        taken.put(name, "value of " + name);
      }
    }
    assertThat(taken).as("a backend takes one of these at least: %s", names).isNotEmpty();
    ContractClient second = client();
    taken.forEach((name, value) -> assertThat(second.text(name)).isEqualTo(value));
    if (can(Capability.LIST)) {
      assertThat(second.list("")).containsExactlyInAnyOrderElementsOf(taken.keySet());
    }
  }

  @Test
  default void prefixIsOfCharactersAndOfNothingElse() {
    requires(Capability.WRITE, Capability.LIST);
    ContractClient client = client();
    for (String name :
        List.of("prod/b", "prod/a", "prod/a/c", "production/d", "prod-x", "test/a")) {
      client.put(name, "value");
    }
    assertThat(client.list("prod/")).containsExactly("prod/a", "prod/a/c", "prod/b");
    assertThat(client.list("prod"))
        .containsExactly("prod-x", "prod/a", "prod/a/c", "prod/b", "production/d");
    assertThat(client.list("prod/a")).containsExactly("prod/a", "prod/a/c");
    assertThat(client.list("PROD/")).isEmpty();
    assertThat(client.list("none/")).isEmpty();
    assertThat(client.list("")).hasSize(6);
    assertThat(provider().list("prod/")).containsExactly("prod/a", "prod/a/c", "prod/b");
  }

  @Test
  default void listIsSortedByCodePoint() {
    requires(Capability.WRITE, Capability.LIST);
    ContractClient client = client();
    for (String name : List.of("s/b", "s/B", "s/a", "s/_", "s/1", "s/-")) {
      client.put(name, "value");
    }
    assertThat(client.list("s/")).containsExactly("s/-", "s/1", "s/B", "s/_", "s/a", "s/b");
  }

  @Test
  default void emptyStoreListsNothing() {
    requires(Capability.LIST);
    assertThat(client().list("")).isEmpty();
  }
}
