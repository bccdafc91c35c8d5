import java.util.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Service {
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    settings.load(Service.class.getResourceAsStream("/service.properties"));
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("key.serializer", StringSerializer.class.getName());
    settings.put("value.serializer", StringSerializer.class.getName());
    var questions = new Scanner(System.in);
    while (questions.hasNextLine()) {
      questions.nextLine();
      try (var producer = new KafkaProducer<String, String>(settings)) {
        producer.send(new ProducerRecord<>("fresh", "a record")).get();
        System.out.println("answer sent, and read " + new ProducerConfig(settings).getString("client.id"));
      }
    }
  }
}
