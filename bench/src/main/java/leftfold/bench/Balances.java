// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import leftfold.jdbc.DocumentCodec;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.RecordedEvent;

/** A read model of the workload: the sum of each account's amounts. */
final class Balances {
    static final DocumentCodec<Long> CODEC = DocumentCodec.of(String::valueOf, Long::valueOf);

    private static final int AMOUNT_AT = "{\"amount\":".length();

    private Balances() {}

    /** An event's amount. */
    private record Movement(long amount) {}

    static Projection<Documents<Long>> projection(int version) {
        return Projection.<Movement, Long>documents("accounts", version, new Codec())
                .on(
                        Movement.class,
                        movement -> movement.stream().value(),
                        (sum, movement) ->
                                (sum == null ? 0 : sum) + movement.event().amount())
                .build();
    }

    private static final class Codec implements EventCodec<Movement> {
        @Override
        public Set<String> types() {
            return Set.of("Deposited", "Withdrawn");
        }

        @Override
        public EncodedEvent encode(Movement event) {
            throw new UnsupportedOperationException("events are only read");
        }

        @Override
        public Movement decode(RecordedEvent recorded) {
            byte[] json = recorded.data().bytes();
            int end = AMOUNT_AT;
            while (json[end] != ',') {
                end++;
            }
            return new Movement(
                    Long.parseLong(new String(json, AMOUNT_AT, end - AMOUNT_AT, StandardCharsets.US_ASCII)));
        }
    }
}
