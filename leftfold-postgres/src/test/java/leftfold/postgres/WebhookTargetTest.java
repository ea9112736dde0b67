// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A webhook against a real HTTP server that does what each test wants. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class WebhookTargetTest {
    private static final Instant PUBLISHED = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<Map<String, List<String>>> received = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<WebhookTarget> targets = new ArrayList<>();
    private Answer answer = exchange -> exchange.sendResponseHeaders(204, -1);
    private HttpServer server;

    /** What the server does with a request. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            received.add(Map.copyOf(exchange.getRequestHeaders()));
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        targets.forEach(WebhookTarget::close);
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void a_message_is_a_cloud_event_in_binary_mode() throws Exception {
        PublishedMessage one = message(Map.of("trace-id", "4711"));
        target(LONG).deliver(List.of(one));
        assertThat(bodies).containsExactly("{\"cents\":1}");
        assertThat(received.getFirst())
                .containsEntry("Ce-specversion", List.of("1.0"))
                .containsEntry("Ce-id", List.of(one.message().id().toString()))
                .containsEntry("Ce-source", List.of("/shop"))
                .containsEntry("Ce-type", List.of("PriceChanged"))
                .containsEntry("Ce-time", List.of(PUBLISHED.toString()))
                .containsEntry("Ce-subject", List.of("product-1"))
                .containsEntry("Ce-traceid", List.of("4711"))
                .containsEntry("Content-type", List.of(Data.JSON))
                .containsEntry("Authorization", List.of("Bearer secret"));
    }

    @Test
    void no_text_of_a_message_can_end_its_header() throws Exception {
        OutboxMessage strange = new OutboxMessage(
                UUID.randomUUID(),
                "a b\r\nX-Evil: 1\"%",
                "Größe",
                Data.json("{}"),
                Map.of("note", "line\nAuthorization: none"));
        target(LONG).deliver(List.of(new PublishedMessage(1, PUBLISHED, strange)));
        assertThat(received.getFirst())
                .containsEntry("Ce-subject", List.of("a%20b%0D%0AX-Evil:%201%22%25"))
                .containsEntry("Ce-type", List.of("Gr%C3%B6%C3%9Fe"))
                .containsEntry("Ce-note", List.of("line%0AAuthorization:%20none"))
                .containsEntry("Authorization", List.of("Bearer secret"))
                .doesNotContainKey("X-evil");
    }

    @Test
    void a_header_that_cannot_be_an_attribute_rejects_the_message() {
        for (String name : List.of("id", "Time", "a b", "größe", "-")) {
            assertThatThrownBy(() -> target(SHORT).deliver(List.of(message(Map.of(name, "x")))))
                    .as(name)
                    .isInstanceOf(DeliveryException.Rejected.class);
        }
        assertThat(received).isEmpty();
    }

    @Test
    void each_kind_of_answer_has_its_consequence() {
        for (int status : List.of(400, 401, 403, 404, 409, 410, 413, 422, 451)) {
            assertThat(failure(status)).as("" + status).isInstanceOf(DeliveryException.Rejected.class);
        }
        for (int status : List.of(408, 500, 501, 505, 599)) {
            assertThat(failure(status)).as("" + status).isInstanceOf(DeliveryException.Failed.class);
        }
        for (int status : List.of(300, 304, 429, 502, 503, 504)) {
            assertThat(failure(status)).as("" + status).isInstanceOf(DeliveryException.Unavailable.class);
        }
    }

    @Test
    void a_redirect_is_not_followed() {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
        };
        assertThat(failure(LONG))
                .isInstanceOf(DeliveryException.Unavailable.class)
                .hasMessageContaining("redirects are not followed");
        assertThat(received).hasSize(1);
    }

    @Test
    void retry_after_is_honoured_within_bounds() {
        assertThat(retryAfter("7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(retryAfter("999999999")).isEqualTo(WebhookTarget.RETRY_AFTER_MAX);
        assertThat(retryAfter("-7")).isZero();
        assertThat(retryAfter("soon")).isZero();
        assertThat(retryAfter("99999999999999999999")).isZero();
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        assertThat(retryAfter(httpDate(now.plusMinutes(4)))).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(4));
        assertThat(retryAfter(httpDate(now.minusHours(1)))).isZero();
        assertThat(retryAfter(httpDate(now.plusDays(1)))).isEqualTo(WebhookTarget.RETRY_AFTER_MAX);
    }

    @Test
    void an_answer_that_does_not_come_is_a_failed_attempt() {
        answer = exchange -> await();
        assertThat(failure(SHORT)).isInstanceOf(DeliveryException.Failed.class).hasMessageContaining("300 ms");
    }

    @Test
    void a_body_that_never_ends_takes_the_message_all_the_same() throws Exception {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(new byte[8_192]); // until the connection is closed
                }
            }
        };
        target(LONG).deliver(List.of(message(Map.of())));
        assertThat(received).hasSize(1);
    }

    @Test
    void a_body_that_stands_still_is_a_failed_attempt() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().flush();
            await();
        };
        assertThat(failure(SHORT)).isInstanceOf(DeliveryException.Failed.class);
    }

    @Test
    void a_receiver_that_is_not_there_or_hangs_up_is_waited_for() throws Exception {
        answer = HttpExchange::close;
        assertThat(failure(LONG)).isInstanceOf(DeliveryException.Unavailable.class);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        WebhookTarget nobody = new WebhookTarget(URI.create("http://127.0.0.1:" + port), "/shop");
        targets.add(nobody);
        assertThatThrownBy(() -> nobody.deliver(List.of(message(Map.of()))))
                .isInstanceOf(DeliveryException.Unavailable.class);
    }

    @Test
    void an_address_or_a_header_that_no_request_may_have_is_refused_at_once() {
        for (String address : List.of("ftp://example.com", "/path", "http:///")) {
            assertThatThrownBy(() -> new WebhookTarget(URI.create(address), "/shop"))
                    .as(address)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        URI fine = URI.create("http://127.0.0.1");
        assertThatThrownBy(() -> new WebhookTarget(fine, "/shop", SHORT, Map.of("a\r\nb", "c")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WebhookTarget(fine, "", SHORT, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WebhookTarget(fine, "/shop", Duration.ZERO, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_relay_brings_all_messages_in_order_to_a_receiver_that_fails_in_every_way_first() throws Exception {
        List<Integer> answers = List.of(503, 500, 0, 429, 302, 408, 0, 502);
        List<String> taken = new CopyOnWriteArrayList<>();
        answer = exchange -> {
            int n = received.size() - 1;
            int status = n < 2 * answers.size() && n % 2 == 0 ? answers.get(n / 2) : 204;
            if (status == 0) {
                return; // hangs up
            } else if (status == 204) {
                taken.add(bodies.getLast());
            }
            exchange.sendResponseHeaders(status, -1);
        };
        try (OutboxFixture here = new OutboxFixture()) {
            for (int i = 0; i < 20; i++) {
                here.publish("product-1", "PriceChanged", String.valueOf(i));
            }
            here.relay(target(LONG), OutboxFixture.QUICK);
            here.untilDelivered();
            assertThat(here.outbox.parked(1)).isEmpty();
        }
        assertThat(taken).hasSize(20).isEqualTo(bodies.stream().distinct().toList());
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DeliveryException failure(int status) {
        answer = exchange -> exchange.sendResponseHeaders(status, -1);
        return failure(LONG);
    }

    private DeliveryException failure(Duration timeout) {
        return catchThrowableOfType(
                DeliveryException.class, () -> target(timeout).deliver(List.of(message(Map.of()))));
    }

    private Duration retryAfter(String value) {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Retry-After", value);
            exchange.sendResponseHeaders(503, -1); // with the server's own date
        };
        return ((DeliveryException.Unavailable) failure(LONG)).retryAfter();
    }

    private static String httpDate(ZonedDateTime time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time);
    }

    private WebhookTarget target(Duration timeout) {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        WebhookTarget target = new WebhookTarget(address, "/shop", timeout, Map.of("Authorization", "Bearer secret"));
        targets.add(target);
        return target;
    }

    private static PublishedMessage message(Map<String, String> headers) {
        OutboxMessage message = OutboxMessage.of("product-1", "PriceChanged", Data.json("{\"cents\":1}"))
                .withHeaders(headers);
        return new PublishedMessage(1, PUBLISHED, message);
    }
}
