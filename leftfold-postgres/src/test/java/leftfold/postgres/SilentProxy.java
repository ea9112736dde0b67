// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between a client and a server on this machine, and can stop passing on what one of them says, while every
 * connection stays open: what a network does that loses packets.
 */
final class SilentProxy implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int port;
    private volatile boolean answersPass = true;
    private volatile boolean requestsPass = true;

    /** Passes everything on to {@code port} of this machine. */
    SilentProxy(int port) throws IOException {
        this.port = port;
        var unused = threads.submit(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** From now on what the server says gets lost. */
    void loseAnswers() {
        answersPass = false;
    }

    /** From now on what clients say gets lost. */
    void loseRequests() {
        requestsPass = false;
    }

    /** From now on all is passed on; connections of which something was lost have no use any more. */
    void passAll() {
        answersPass = true;
        requestsPass = true;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                Pump requests = new Pump(client, server, () -> requestsPass);
                Pump answers = new Pump(server, client, () -> answersPass);
                threads.execute(requests);
                threads.execute(answers);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private interface Valve {
        boolean isOpen();
    }

    private record Pump(Socket from, Socket to, Valve valve) implements Runnable {
        @Override
        public void run() {
            byte[] bytes = new byte[8_192];
            boolean lost = false;
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    lost |= !valve.isOpen(); // the rest of a message is worth nothing
                    if (!lost) {
                        out.write(bytes, 0, count);
                    }
                }
            } catch (IOException e) {
                return; // one of them has gone
            }
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow(); // an interrupt closes what a virtual thread reads
    }
}
