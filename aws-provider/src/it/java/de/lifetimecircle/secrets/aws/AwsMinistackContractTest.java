package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.testservers.AwsServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract that every backend passes, on ministack. */
class AwsMinistackContractTest extends AwsContract {
  AwsMinistackContractTest(@TempDir Path folder) {
    super(AwsStandIn.start(AwsServer.Program.MINISTACK, folder), folder);
  }

  @Override
  protected String server() {
    return "ministack 1.5.33, its versions dated, named and kept as documented";
  }

  @Override
  public String scheme() {
    return "aws-ministack";
  }

  @Override
  protected Map<String, String> excuses() {
    return Map.of(
        "repeatedPutIsDoneOnce",
        "a put that repeats its ClientRequestToken is ignored; ministack does it again");
  }
}
