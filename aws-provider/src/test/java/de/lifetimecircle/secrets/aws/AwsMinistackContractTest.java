package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.testkit.servers.AwsServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract that every backend passes, on ministack. */
class AwsMinistackContractTest extends AwsContract {
  private static final String PRUNES =
      "a version without a label is kept for 24 hours at least; ministack drops it at once";
  private static final String REUSES =
      "a put that repeats its ClientRequestToken is ignored; ministack does it again";
  private static final String CHOOSES =
      "CreateSecret takes the ClientRequestToken as the id of the version, so that a repetition is"
          + " known; ministack chooses another";

  AwsMinistackContractTest(@TempDir Path folder) {
    super(AwsStandIn.start(AwsServer.Program.MINISTACK, folder), folder);
  }

  @Override
  protected String server() {
    return "ministack 1.5.33, its versions dated as documented";
  }

  @Override
  public String scheme() {
    return "aws-ministack";
  }

  @Override
  protected Map<String, String> excuses() {
    return Map.of(
        "orderIsNewestFirstAndTheSameAtEveryCall", PRUNES,
        "idStaysReadableAfterMorePuts", PRUNES,
        "everyListedVersionCanBeRead", PRUNES,
        "racingPlainPutsAllLandAndOneIsCurrent", PRUNES,
        "promotionOfAnOldVersionIsARollback", PRUNES,
        "repeatedPutIsDoneOnce", REUSES,
        "repeatedCreateIsDoneOnce", CHOOSES);
  }
}
