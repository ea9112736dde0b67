// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another system that wants to know the prices, and only listens to HTTP. It answers the first message with 503, as
 * systems do, and it takes each id once, as a receiver must: a message may come again.
 */
final class PriceBoard implements AutoCloseable {
    private final Map<String, Product> prices = new ConcurrentSkipListMap<>();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final HttpServer server;

    PriceBoard() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/catalog", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (calls.incrementAndGet() == 1) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (ids.add(exchange.getRequestHeaders().getFirst("ce-id"))) {
                Product product = Product.ofJson(body);
                prices.put(product.sku(), product);
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** Returns where it listens. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/catalog");
    }

    Map<String, Product> prices() {
        return prices;
    }

    /** Returns how many requests came, and how many different messages. */
    String counts() {
        return calls + " requests with " + ids.size() + " messages";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
