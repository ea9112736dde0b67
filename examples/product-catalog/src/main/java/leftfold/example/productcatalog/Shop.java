// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import leftfold.decider.CommandHandler;
import leftfold.jackson.JsonCodec;
import leftfold.postgres.Outbox;
import leftfold.postgres.OutboxRelay;
import leftfold.postgres.OutboxTarget;
import leftfold.postgres.PostgresEventStore;
import leftfold.postgres.TableTarget;
import leftfold.postgres.WebhookTarget;
import leftfold.store.StreamId;

/** A shop's day: prices change, stock comes and goes, and another system hears of the prices. */
final class Shop {
    private static final Duration DELIVERY_MAX = Duration.ofSeconds(60);
    private static final List<Product> PRODUCTS = List.of(
            new Product("kettle", "Kettle", 2_990),
            new Product("mug", "Mug \"Monday\"", 890),
            new Product("tea", "Tee, grün", 450));

    private final DataSource database;
    private final boolean queue;
    private final PrintStream out;
    private final CountDownLatch end = new CountDownLatch(1); // nobody counts it down: Ctrl-C is the end

    Shop(DataSource database, boolean queue, PrintStream out) {
        this.database = database;
        this.queue = queue;
        this.out = out;
    }

    /** Plays one day, or one each second until the process ends, and returns the exit code. */
    int run(boolean once) throws Exception {
        Outbox outbox = Outbox.open(database);
        Catalog catalog = new Catalog(database);
        try (PriceBoard board = new PriceBoard();
                PostgresEventStore store = PostgresEventStore.open(database);
                OutboxRelay relay = OutboxRelay.start(database, target(board))) {
            var stock = CommandHandler.builder(store, new Stock(), JsonCodec.of(Stock.StockEvent.class))
                    .build();
            boolean delivered;
            do {
                sell(catalog, stock);
                relay.wake();
                delivered = await(outbox);
                report(catalog, board, outbox);
            } while (!once && delivered && !end.await(1, TimeUnit.SECONDS));
            return delivered ? 0 : 1;
        }
    }

    private OutboxTarget target(PriceBoard board) throws SQLException {
        return queue
                ? TableTarget.of(database, "catalog_queue").create()
                : new WebhookTarget(board.address(), "/product-catalog");
    }

    private void sell(Catalog catalog, CommandHandler<Stock.Command, Stock.StockEvent, Integer> stock)
            throws SQLException {
        for (Product product : PRODUCTS) {
            catalog.put(product);
            catalog.reprice(product.sku(), product.cents() * 9 / 10);
        }
        try {
            catalog.reprice("tea", 0);
        } catch (SQLException e) {
            out.println("a price of 0 was refused by the table, and nobody hears of it");
        }
        StreamId tea = StreamId.of("stock-tea");
        stock.handle(tea, new Stock.Command.Receive(10));
        var left = stock.handle(tea, new Stock.Command.Reserve("order-1", 7));
        out.println("stock-tea is at version " + left.version() + " with " + left.state() + " pieces free");
        try {
            stock.handle(tea, new Stock.Command.Reserve("order-2", left.state() + 1));
        } catch (IllegalStateException e) {
            out.println("a reservation was refused: " + e.getMessage());
        }
    }

    /** Waits until the outbox is empty; says why if that takes too long. */
    private boolean await(Outbox outbox) throws InterruptedException {
        long start = System.nanoTime();
        while (outbox.status().waiting() > 0) {
            if (System.nanoTime() - start > DELIVERY_MAX.toNanos()) {
                out.println("messages are stuck: " + outbox.status());
                return false;
            }
            boolean unused = end.await(10, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void report(Catalog catalog, PriceBoard board, Outbox outbox) throws SQLException {
        out.println("waiting " + outbox.status().waiting() + ", parked "
                + outbox.status().parked());
        if (queue) {
            out.println("catalog_queue has " + queued() + " messages");
            return;
        }
        out.println("the price board got " + board.counts());
        boolean same = catalog.products().equals(board.prices());
        out.println("its prices are " + (same ? "those of the catalog" : "not those of the catalog"));
        board.prices().values().forEach(one -> out.println("  " + one.sku() + " " + one.cents()));
    }

    private long queued() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM catalog_queue")) {
            row.next();
            return row.getLong(1);
        }
    }
}
