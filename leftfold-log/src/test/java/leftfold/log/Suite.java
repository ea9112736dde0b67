// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/** The suites that docs/reliability.md tells of: what is done to the log, and what must come of it. */
enum Suite {
    POWER_CUTS(
            "power cuts, simulated",
            "PowerCutSim",
            "The power is cut at any call to the disk: what was not synced is lost, kept, reordered, torn"
                    + " at 8 bytes with garbage in it, or, with frames aligned to sectors, destroyed sector by"
                    + " sector; names and lengths that were not synced are lost in any subset. Between cuts the"
                    + " process is killed, a call fails, segments are compacted.",
            "Every acknowledged append is there, once, whole and in order; of the others each is there"
                    + " whole or not at all; what was read once stays; the log opens and goes on."),
    SMALL_WORKLOADS(
            "small workloads, exhaustive",
            "SmallWorkloadSim",
            "Every workload of at most three steps (append one, a batch, a group, a large one, compact,"
                    + " reopen), cut at every call, with every subset of at most ten sectors, names and lengths that"
                    + " were not synced, or a sample of more.",
            "As above."),
    FAILING_CALLS(
            "the n-th call fails",
            "FailingCallSim",
            "Any call to the disk fails, without effect, with a part of it, for lack of room, or with an"
                    + " exception or error that nobody expects; or the clock throws. Once, or from then on.",
            "The append is refused with nothing written, or unknown; after unknown nothing is accepted"
                    + " until the store is opened again; a sync is never tried again; reads go on; nothing"
                    + " acknowledged is lost."),
    EVERY_BIT(
            "bit rot: every bit",
            "BitRotSim",
            "One bit of any file is flipped, under an open store or before opening.",
            "Nothing is read that was not written, and nothing is missing in silence: a read throws"
                    + " Corrupt, or opening or verifying reports it. Only the last group commit can look like one"
                    + " that was torn."),
    EVERY_LENGTH(
            "bit rot: every length, every file",
            "BitRotSim",
            "A file is cut to any length, or deleted.",
            "As above; files of the index are made anew."),
    SECTORS(
            "bit rot: stale and misdirected sectors",
            "BitRotSim",
            "A sector is zeros, or holds another one's content.",
            "As above: position, segment and epoch stand under the checksum."),
    KILLS(
            "kill -9 of a real process",
            "KillTest",
            "A process with 16 writers and a follower is killed at a random moment, again and again, on a"
                    + " real disk.",
            "The consistency checker finds nothing; the follower has seen the log in its order, without"
                    + " gap or double."),
    THREADS(
            "threads at once",
            "StressTest",
            "16 writers with conditions of every kind, reads and a subscription, on a real disk.",
            "The consistency checker finds nothing."),
    CLOSING(
            "appends that meet the closing",
            "HandOverTest",
            "Appends are submitted while the store closes.",
            "Each is answered, and is in the log exactly if it was acknowledged."),
    LINEARIZABLE(
            "linearizability",
            "LincheckTest",
            "Lincheck runs the structures that threads share in every interleaving of small scenarios.",
            "What each thread is told could have come one after the other; nobody waits for ever."),
    MUTANTS(
            "known bugs put back",
            "MutantTest",
            "Known durability bugs are put back into the engine, one at a time.",
            "Each is caught by the suite that is there for it; without them the same suites find nothing."),
    FUZZ(
            "decoders, fuzzed",
            "FuzzTest",
            "Jazzer makes bytes up, and makes their checksums right, for the headers, frames, attributes,"
                    + " a whole segment and the files of the index.",
            "No crash, no hang, no more memory than a heap of 192 MiB has."),
    FULL_DISK(
            "a full disk",
            "FullDiskTest",
            "A real disk has no room left, and has some again.",
            "Appends that need room are refused with nothing written, reads go on, and appends go on when"
                    + " room returns."),
    FAULTY_CALLS(
            "I/O errors of a real process",
            "FaultyProcessTest",
            "The system calls of a real process that write and sync fail by chance.",
            "As for a call that fails; the process afterwards finds every acknowledged append.");

    private final String title;
    private final String test;
    private final String fault;
    private final String promise;

    Suite(String title, String test, String fault, String promise) {
        this.title = title;
        this.test = test;
        this.fault = fault;
        this.promise = promise;
    }

    String title() {
        return title;
    }

    /** Returns the suite's lines of the two tables of the page. */
    String promiseRow() {
        return "| %s | %s | `%s` |".formatted(fault, promise, test);
    }
}
