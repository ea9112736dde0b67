// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.UUID;

/**
 * An event that a projection put aside because its handler failed. Immutable.
 *
 * @param position the event's place in the log
 * @param eventId the event's id
 * @param stream the event's stream
 * @param type the event's type
 * @param cause the exception of the last try, on one line
 * @param retrying whether another try is asked for and not made yet
 */
public record DeadLetter(long position, UUID eventId, String stream, String type, String cause, boolean retrying) {}
