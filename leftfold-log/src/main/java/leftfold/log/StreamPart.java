// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/** The events of one stream within the range of a {@link KeyIndex}. Never changes; safe for use by many threads. */
interface StreamPart extends Postings.Indexed {
    /** Returns the version of the event at {@code index}. */
    long version(int index);
}
