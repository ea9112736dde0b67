// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.PrintWriter;
import leftfold.store.EventStore;

/**
 * What a demo works with.
 *
 * @param store open; closed by the command line afterwards
 * @param location what names the store; read models go beside it where it is a folder
 * @param once whether to stop by itself and print a summary
 * @param json whether to print one JSON object per line and nothing else
 * @param out standard output
 */
public record DemoRun(EventStore store, String location, boolean once, boolean json, PrintWriter out) {}
