// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.List;

/**
 * What a verification found. Immutable.
 *
 * @param events how many events there are
 * @param streams how many streams there are
 * @param findings what does not agree, at most ten of a kind; empty if all does
 */
public record PostgresVerifyReport(long events, long streams, List<String> findings) {
    /** Copies. */
    public PostgresVerifyReport {
        findings = List.copyOf(findings);
    }

    /** Returns whether nothing was found. */
    public boolean clean() {
        return findings.isEmpty();
    }
}
