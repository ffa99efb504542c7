// Publishes replies by RabbitMQ's Java client and takes what comes of them. Reads one JSON object, prints another; see
// `test_clients.py`.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long CONFIRM_MS = 15_000;

    private Client() {}

    public static void main(String[] arguments) throws Exception {
        JsonNode asked = JSON.readTree(System.in);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(asked.get("url").asText());
        List<Map<String, String>> taken = new ArrayList<>();
        try (Connection connection = factory.newConnection()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            for (JsonNode one : asked.get("publish")) {
                byte[] body = Base64.getDecoder().decode(one.get("body").asText());
                channel.basicPublish("shangliang.replies", one.get("key").asText(), true, properties(one), body);
                channel.waitForConfirmsOrDie(CONFIRM_MS);
            }
            channel.basicQos(1);
            BlockingQueue<Delivery> inbox = new LinkedBlockingQueue<>();
            DeliverCallback came = (tag, message) -> inbox.add(message);
            CancelCallback ended = tag -> {};
            channel.basicConsume(asked.get("queue").asText(), false, came, ended);
            while (taken.size() < asked.get("count").asInt()) {
                Delivery message = inbox.take();
                channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                Map<String, String> found = new HashMap<>();
                found.put("correlation_id", message.getProperties().getCorrelationId());
                found.put("body", Base64.getEncoder().encodeToString(message.getBody()));
                taken.add(found);
            }
        }
        System.out.println(JSON.writeValueAsString(taken));
    }

    private static BasicProperties properties(JsonNode one) {
        Map<String, Object> headers = new HashMap<>();
        one.path("headers").fields().forEachRemaining(header -> headers.put(header.getKey(), header.getValue().asText()));
        return new BasicProperties.Builder()
            .userId(one.path("user_id").asText(null))
            .contentType(one.path("content_type").asText(null))
            .headers(headers)
            .build();
    }
}
