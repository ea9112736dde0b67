// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.regex.Pattern;

/**
 * Which projection, in which version of its code. Immutable.
 *
 * @param name the read model's name: lower-case letters, digits and single {@code -}, beginning with a letter; at most
 *     {@value #NAME_CHARS_MAX} characters
 * @param projectionVersion from 1; a new one whenever the same events are to give another read model
 */
public record ProjectionId(String name, int projectionVersion) {
    /** The longest name, in characters. */
    public static final int NAME_CHARS_MAX = 40;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern VERSIONED = Pattern.compile(".*-v[0-9]+");

    /**
     * Checks name and version.
     *
     * @throws IllegalArgumentException if the name is not as described or ends in a version such as {@code -v2}, or
     *     {@code projectionVersion} is below 1
     */
    public ProjectionId {
        if (name.length() > NAME_CHARS_MAX || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a projection's name is like 'trending-topics', at most "
                    + NAME_CHARS_MAX + " characters, not '" + name + "'");
        }
        if (VERSIONED.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the version of projection '" + name + "' belongs in its projectionVersion, not in its name");
        }
        if (projectionVersion < 1) {
            throw new IllegalArgumentException("a projection's version counts from 1, not " + projectionVersion);
        }
    }

    /** Returns name and version as one word, such as {@code trending-topics-v2}. */
    @Override
    public String toString() {
        return name + "-v" + projectionVersion;
    }
}
