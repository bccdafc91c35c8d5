import com.zaxxer.hikari.*;
import de.lifetimecircle.secrets.*;
import de.lifetimecircle.secrets.jdbc.*;

public class Service {
  public static void main(String[] arguments) throws Exception {
    // the lines of the page
    var questions = new java.util.Scanner(System.in);
    while (questions.hasNextLine()) {
      questions.nextLine();
      pool.getHikariPoolMXBean().softEvictConnections();
      try (var connection = pool.getConnection();
          var result = connection.createStatement().executeQuery("select current_user")) {
        result.next();
        System.out.println("answer " + result.getString(1));
      }
    }
  }
}
