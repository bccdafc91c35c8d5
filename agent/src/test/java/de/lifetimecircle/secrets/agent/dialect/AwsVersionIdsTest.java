package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsVersionIdsTest {
  private static final String UUID = "9f1b6d4e-8c0a-4f6e-9d53-0a7b1c2d3e4f";
  private static final String OF_KEY_VAULT = "0123456789abcdef0123456789abcdef";

  @Test
  void idsThatHaveTheFormStayAsTheyAre() {
    assertThat(AwsVersionIds.toAws(UUID)).isEqualTo(UUID);
    assertThat(AwsVersionIds.toAws(OF_KEY_VAULT)).isEqualTo(OF_KEY_VAULT);
    assertThat(AwsVersionIds.toAws("7")).isEqualTo("7-" + "0".repeat(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        UUID,
        OF_KEY_VAULT,
        "1",
        "7",
        "10",
        "7-0",
        "7-",
        "-",
        "0",
        "override",
        "v1",
        "x--37",
        "x--",
        "x--h",
        "20261126T142233.123Z-ab12",
        "a_b",
        "a/b",
        "\u00e4",
        "a b",
        "a.b",
        "0123456789abcdef-000000000000000",
        "0123456789abcdef-0000000000000000",
        "7-000000000000000000000000000000",
        "x--373737373737373737373737373737",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "_23456789012345678901234567890"
      })
  void eachIdHasTheFormAndComesBack(String id) {
    String aws = AwsVersionIds.toAws(id);
    assertThat(aws).matches("[A-Za-z0-9-]{32,64}");
    assertThat(AwsVersionIds.fromAws(aws, List.of("other", id))).contains(id);
  }

  @Test
  void longIdWithOtherCharactersIsFoundAmongTheVersions() {
    String id = "a_very_long_id_of_some_backend_that_hexadecimal_digits_would_make_too_long";
    String aws = AwsVersionIds.toAws(id);
    assertThat(aws).matches("[A-Za-z0-9-]{32,64}");
    assertThat(AwsVersionIds.fromAws(aws, List.of("other", id))).contains(id);
    assertThat(AwsVersionIds.fromAws(aws, List.of("other"))).isEmpty();
  }

  @Test
  void noTwoIdsHaveOneForm() {
    SplittableRandom random = new SplittableRandom(18);
    Set<String> ids = new HashSet<>();
    Set<String> forms = new HashSet<>();
    String letters = "07ax-_/";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder id = new StringBuilder();
      int length = 1 + random.nextInt(70);
      for (int at = 0; at < length; at++) {
        id.append(letters.charAt(random.nextInt(random.nextInt(1, letters.length() + 1))));
      }
      if (ids.add(id.toString())) {
        String aws = AwsVersionIds.toAws(id.toString());
        assertThat(forms.add(aws)).as(aws).isTrue();
        assertThat(AwsVersionIds.fromAws(aws, List.of(id.toString()))).contains(id.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "7-0",
        "AWSCURRENT",
        "7-0000000000000000000000000000000",
        "../../../../x",
        "x--7",
        "x--37-0",
        "x--zz00000000000000000000000000000000",
        "x--393939393939393939393939393939393939393939393939393939393939-000000"
      })
  void whatIsNoFormOfAnIdIsNone(String aws) {
    assertThat(AwsVersionIds.fromAws(aws, List.of())).isNotEqualTo(java.util.Optional.of("7"));
    AwsVersionIds.fromAws(aws, List.of())
        .ifPresent(id -> assertThat(AwsVersionIds.toAws(id)).isEqualTo(aws));
  }
}
