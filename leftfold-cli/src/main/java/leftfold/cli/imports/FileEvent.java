// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;

/** One event as a file has it. */
sealed interface FileEvent {
    /** Something that happened in a case; its stream and id follow from the file. */
    record Activity(String caseId, String type, Data data) implements FileEvent {}

    /** An event that came out of a store, with its own stream and id. */
    record Stored(StreamId stream, Event event) implements FileEvent {}
}
