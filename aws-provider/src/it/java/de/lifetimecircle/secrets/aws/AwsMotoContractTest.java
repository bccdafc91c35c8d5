package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.testservers.AwsServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract that every backend passes, on moto. */
class AwsMotoContractTest extends AwsContract {
  private static final String MOVED =
      "after UpdateSecretVersionStage the version that the label was moved to is the current one,"
          + " and the next put makes it the previous one; moto goes on from the one before";

  AwsMotoContractTest(@TempDir Path folder) {
    super(AwsStandIn.start(AwsServer.Program.MOTO, folder), folder);
  }

  @Override
  protected String server() {
    return "moto 5.2.5, its versions dated as documented";
  }

  @Override
  public String scheme() {
    return "aws-moto";
  }

  @Override
  protected Map<String, String> excuses() {
    return Map.of(
        "promotionOfAnOldVersionIsARollback",
        MOVED,
        "versionIsTheNextPreviousOneWithTheLabelOfADeadWriter",
        MOVED);
  }
}
