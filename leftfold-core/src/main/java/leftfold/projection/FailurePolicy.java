// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

/** What a projection does about an event that its handler fails at, after the last try. */
public enum FailurePolicy {
    /** It stops before the event; what readers see is older, but nothing is missing from it. */
    STOP,

    /** It puts the event aside as a dead letter and goes on; the read model is then the fold without that event. */
    PARK
}
