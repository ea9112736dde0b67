// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Random;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.traffic.World.Security;

/** The price of one security through a day: a random walk in whole cents. Confined to one thread. */
final class Prices {
    private static final int PERMILLE = 1_000;
    private static final int OPEN_PERMILLE_MAX = 50;
    private static final int BASIS_POINTS = 10_000;
    private static final int STEP_BASIS_POINTS_MAX = 30;
    private static final int CENT_DIGITS = 2;

    private final Security security;
    private final Random random;
    private final long openCents;
    private long cents;

    /** Opens the day near the security's usual price. */
    Prices(Security security, Random random) {
        this.security = security;
        this.random = random;
        this.openCents = (long) security.cents() * (PERMILLE + between(OPEN_PERMILLE_MAX)) / PERMILLE;
        this.cents = openCents;
    }

    /** Returns the security. */
    Security security() {
        return security;
    }

    /** Returns the next price. */
    PriceTicked tick(Instant at) {
        cents = Math.max(1, cents * (BASIS_POINTS + between(STEP_BASIS_POINTS_MAX)) / BASIS_POINTS);
        return new PriceTicked(
                security.symbol(),
                BigDecimal.valueOf(cents, CENT_DIGITS),
                BigDecimal.valueOf(openCents, CENT_DIGITS),
                at);
    }

    /** Returns how far the price has moved today, in permille, up or down. */
    long movePermille() {
        return Math.abs(cents - openCents) * PERMILLE / openCents;
    }

    private int between(int most) {
        return random.nextInt(2 * most + 1) - most;
    }
}
