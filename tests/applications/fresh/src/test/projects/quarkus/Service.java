import io.quarkus.runtime.*;
import io.quarkus.runtime.annotations.*;
import jakarta.inject.*;
import org.eclipse.microprofile.config.inject.*;

@QuarkusMain
public class Service implements QuarkusApplication {
  @ConfigProperty(name = "shop.api-key")
  Provider<String> apiKey;

  @ConfigProperty(name = "shop.token")
  Provider<String> token;

  @ConfigProperty(name = "shop.timeout-key")
  Provider<String> optional;

  @Override
  public int run(String... arguments) throws Exception {
    var questions = new java.util.Scanner(System.in);
    while (questions.hasNextLine()) {
      questions.nextLine();
      System.out.println("answer " + apiKey.get() + " " + token.get() + " " + optional.get());
    }
    return 0;
  }
}
