// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.profile;

/** What a reader mainly does, which says what to show first. */
public enum Segment {
    /** Invests own savings. */
    SAVER,
    /** Trades within the day. */
    TRADER,
    /** Looks after a company's money. */
    TREASURER
}
