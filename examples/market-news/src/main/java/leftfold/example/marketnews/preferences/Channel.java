// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

/** A way to notify a reader. */
public enum Channel {
    /** A letter to the reader's mail address. */
    EMAIL,
    /** A note on the reader's phone. */
    PUSH
}
