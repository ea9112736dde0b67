// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP address that takes each message as a CloudEvent 1.0 in binary mode: {@code ce-id} is the message's id, by
 * which a receiver knows a repetition, {@code ce-type} its type, {@code ce-subject} its key, and the body its data. The
 * message's headers become attributes: {@code trace-id} is sent as {@code ce-traceid}. Safe for use by many threads.
 *
 * <p>An answer of 2xx takes the message. Where nobody answers at the address, and at 429, 502, 503 and 504 and 3xx, the
 * receiver is waited for; redirects are not followed. An answer that does not come in time, 408 and the other 5xx are a
 * failed attempt; any other 4xx rejects the message. {@code Retry-After} is honoured up to {@link #RETRY_AFTER_MAX}.
 * The answer's body is thrown away.
 */
public final class WebhookTarget implements OutboxTarget, AutoCloseable {
    /** The longest time that a receiver may ask to be left alone for. */
    public static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(5);

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    private final URI address;
    private final String source;
    private final Duration timeout;
    private final Map<String, String> headers;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_MAX)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * Creates a target.
     *
     * @param address where messages are posted to
     * @param source the events' {@code ce-source}, a URI or a path such as {@code /product-catalog}
     * @param timeout how long an answer may take
     * @param headers what is sent with each message, such as {@code Authorization}
     * @throws IllegalArgumentException if the address is not of HTTP, the timeout is not above zero, or a header cannot
     *     be sent
     */
    public WebhookTarget(URI address, String source, Duration timeout, Map<String, String> headers) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout is above zero, not " + timeout);
        }
        if (source.isEmpty()) {
            throw new IllegalArgumentException("the source is empty; name the service that the messages come from");
        }
        this.address = address;
        this.source = source;
        this.timeout = timeout;
        this.headers = Map.copyOf(headers);
        // Refuses here, rather than at the first message, an address or a header that no request may have.
        HttpRequest.Builder unused = builder();
    }

    /** Creates a target with ten seconds for an answer and no headers of its own. */
    public WebhookTarget(URI address, String source) {
        this(address, source, Duration.ofSeconds(10), Map.of());
    }

    private HttpRequest.Builder builder() {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        headers.forEach(request::setHeader);
        return request;
    }

    @Override
    public void deliver(List<PublishedMessage> messages) throws InterruptedException {
        for (PublishedMessage one : messages) {
            deliver(one);
        }
    }

    private void deliver(PublishedMessage published) throws InterruptedException {
        HttpRequest.Builder request = builder();
        CloudEventHeaders.of(published, source).forEach(request::setHeader);
        request.POST(HttpRequest.BodyPublishers.ofByteArray(
                published.message().data().bytes()));
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request.build(), response -> new UnreadBody());
        try {
            check(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new DeliveryException.Failed("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } finally {
            answer.cancel(true); // nothing if it is there
        }
    }

    private static DeliveryException failure(Throwable cause) {
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            return new DeliveryException.Failed("no answer in time", cause);
        }
        String what = cause.getClass().getSimpleName();
        return cause instanceof IOException
                ? new DeliveryException.Unavailable("no connection, or it broke: " + what, Duration.ZERO, cause)
                : new DeliveryException.Failed("not sent: " + what, cause);
    }

    private static void check(HttpResponse<?> answer) {
        int status = answer.statusCode();
        String reason = "the receiver answered " + status;
        if (status / 100 == 2) {
            return;
        }
        throw switch (status) {
            case 429, 502, 503, 504 -> new DeliveryException.Unavailable(reason, retryAfter(answer), null);
            case 408 -> new DeliveryException.Failed(reason, null);
            default ->
                switch (status / 100) {
                    case 4 -> new DeliveryException.Rejected(reason, null);
                    case 5 -> new DeliveryException.Failed(reason, null);
                    default ->
                        new DeliveryException.Unavailable(
                                reason + "; redirects are not followed: give the relay the address that takes messages",
                                Duration.ZERO,
                                null);
                };
        };
    }

    /** Returns the wait that is asked for, in seconds or as a date, which is compared with the answer's own. */
    static Duration retryAfter(HttpResponse<?> answer) {
        String text = answer.headers().firstValue("retry-after").orElse("").strip();
        Duration wait;
        try {
            if (text.matches("\\d{1,9}")) {
                wait = Duration.ofSeconds(Long.parseLong(text));
            } else {
                String date = answer.headers().firstValue("date").orElse("");
                wait = Duration.between(httpDate(date), httpDate(text));
            }
        } catch (DateTimeException e) {
            wait = Duration.ZERO; // not said, or not understood
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(RETRY_AFTER_MAX) < 0 ? wait : RETRY_AFTER_MAX;
    }

    private static ZonedDateTime httpDate(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
    }

    /** Ends its connections; deliveries under way fail and come again. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    /**
     * Throws away what comes, and ends after some of it: a body could be endless. Used by the client's threads in turn.
     */
    private static final class UnreadBody implements HttpResponse.BodySubscriber<Void> {
        private static final int BYTES_MAX = 64 * 1_024;

        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private Flow.@Nullable Subscription body;
        private int bytes;

        @Override
        public CompletableFuture<Void> getBody() {
            return ended;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            body = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            parts.forEach(part -> bytes += part.remaining());
            if (bytes > BYTES_MAX && body != null) {
                body.cancel();
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            onComplete(); // the status has come
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }
}
