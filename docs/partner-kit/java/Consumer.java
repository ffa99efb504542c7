// A department's consumer: prints each event once, in order, and answers `received`.
//
// Needs Java 17, com.rabbitmq:amqp-client 5 and com.fasterxml.jackson.core:jackson-databind 2 on the class path, which
// Debian has as librabbitmq-client-java and libjackson2-databind-java:
//   java -cp 'lib/*' Consumer.java amqps://<code>:<password>@<host>/<vhost> [handled.txt]
//
// Over amqps:// the broker's certificate and host name are checked before the password is sent. An authority of the
// broker's own goes into a trust store: -Djavax.net.ssl.trustStore=<file> -Djavax.net.ssl.trustStorePassword=<password>

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.AddressResolver;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

public final class Consumer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_WAIT_MS = 30_000;
    private static final long CONFIRM_MS = 15_000;

    private final String code;
    private final Path file;
    private final Set<String> handled = new HashSet<>();
    private final AtomicBoolean returned = new AtomicBoolean();

    private Consumer(String code, Path file) throws IOException {
        this.code = code;
        this.file = file;
        if (Files.exists(file)) {
            handled.addAll(Files.readAllLines(file));
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(arguments[0]);
        factory.setAutomaticRecoveryEnabled(false);
        if (factory.isSSL()) {
            checkBroker(factory);
        }
        // By its name: the client's own resolver makes addresses of it, which no certificate stands for.
        AddressResolver broker = () -> List.of(new Address(factory.getHost(), factory.getPort()));
        String account = URI.create(arguments[0]).getRawUserInfo().split(":", 2)[0];
        Consumer consumer = new Consumer(
            URLDecoder.decode(account, StandardCharsets.UTF_8),
            Path.of(arguments.length > 1 ? arguments[1] : "handled.txt"));
        for (long wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
            try (Connection connection = factory.newConnection(broker)) {
                wait = 1000;
                consumer.listen(connection);
            } catch (Exception error) {
                System.err.println("the inbox is out of reach: " + error);
            }
            Thread.sleep(wait);
        }
    }

    /** Lets no broker in whose certificate is not trusted or is not its host's: `setUri` alone trusts any. */
    private static void checkBroker(ConnectionFactory factory) throws NoSuchAlgorithmException {
        factory.useSslProtocol(SSLContext.getDefault());
        factory.setSocketConfigurator(socket -> {
            socket.setTcpNoDelay(true);
            SSLSocket secured = (SSLSocket) socket;
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the rule by which names match, not the protocol
            secured.setSSLParameters(parameters);
        });
    }

    /** Returns when the connection, the channel or the consumer has ended. */
    private void listen(Connection connection) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Channel channel = connection.createChannel();
        channel.addShutdownListener(cause -> ended.countDown());
        channel.addReturnListener((number, why, exchange, key, properties, body) -> returned.set(true));
        channel.confirmSelect();
        channel.basicQos(1); // the next event comes when this one is acknowledged: that keeps the order
        DeliverCallback taken = (tag, delivery) -> take(channel, delivery);
        CancelCallback cancelled = tag -> ended.countDown();
        channel.basicConsume("agency." + code + ".inbox", false, taken, cancelled);
        System.err.println("listening to the inbox of " + code);
        ended.await();
    }

    /** Your own work goes here. When it throws, the event comes again after a while, before all others. */
    private void handle(JsonNode event) throws Exception {
        System.out.println(event);
    }

    private void take(Channel channel, Delivery delivery) throws IOException {
        long tag = delivery.getEnvelope().getDeliveryTag();
        JsonNode event;
        try {
            event = JSON.readTree(delivery.getBody());
        } catch (IOException error) {
            channel.basicReject(tag, false);
            return;
        }
        if (!event.hasNonNull("id") || !event.hasNonNull("type") || !event.hasNonNull("data")) {
            channel.basicReject(tag, false);
            return;
        }
        String key = event.get("id").asText() + " " + event.path("replay").asInt(0);
        if (!handled.contains(key)) {
            try {
                reply(channel, event, "received", Map.of());
                handle(event);
            } catch (Exception error) {
                System.err.println("could not handle " + key + ": " + error);
                pause(delivery);
                channel.basicReject(tag, true);
                return;
            }
            Files.writeString(file, key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
            handled.add(key);
        }
        channel.basicAck(tag, false);
    }

    /** Returns once the broker has the reply. Its id is made of the event's, so one that is sent again counts once. */
    private void reply(Channel channel, JsonNode event, String verb, Map<String, String> data) throws Exception {
        String type = "cn.shangliang.reply." + verb + ".v1";
        String cause = event.get("id").asText();
        byte[] body = JSON.writeValueAsBytes(Map.of(
            "specversion", "1.0", "id", cause + "." + verb, "source", "/" + code, "type", type,
            "causationid", cause, "data", data));
        BasicProperties properties = new BasicProperties.Builder()
            .contentType("application/cloudevents+json").type(type).messageId(UUID.randomUUID().toString())
            .correlationId(cause).userId(code).deliveryMode(2).build();
        returned.set(false);
        channel.basicPublish("shangliang.replies", code + ".reply." + verb, true, properties, body);
        channel.waitForConfirmsOrDie(CONFIRM_MS);
        if (returned.get()) {
            throw new IOException("nobody takes replies");
        }
    }

    private static void pause(Delivery delivery) {
        Map<String, Object> headers = delivery.getProperties().getHeaders();
        Object before = headers == null ? null : headers.get("x-delivery-count");
        long exponent = before instanceof Number count ? Math.min(count.longValue(), 10) : 0;
        try {
            Thread.sleep(Math.min(1000L << exponent, LONGEST_WAIT_MS));
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }
}
