import org.springframework.boot.*;
import org.springframework.boot.autoconfigure.*;
import org.springframework.core.env.*;

@SpringBootConfiguration
@EnableAutoConfiguration
public class Service {
  public static void main(String[] arguments) throws Exception {
    Environment environment = SpringApplication.run(Service.class).getEnvironment();
    var questions = new java.util.Scanner(System.in);
    while (questions.hasNextLine()) {
      questions.nextLine();
      System.out.println("answer " + environment.getProperty("shop.api-key"));
    }
  }
}
