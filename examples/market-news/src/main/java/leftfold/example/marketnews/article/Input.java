// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

/**
 * Events that a score was computed from: a piece of one stream. Versions and not positions, so that it stays true in
 * every copy of the log. Immutable.
 *
 * @param first the version of the first event, from 1
 * @param last the version of the last event, inclusive
 */
public record Input(String stream, long first, long last) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is empty or does not count from 1
     */
    public Input {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("versions " + first + " to " + last + " of " + stream);
        }
    }
}
