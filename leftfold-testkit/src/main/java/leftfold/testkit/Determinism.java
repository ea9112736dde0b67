// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import leftfold.decider.Decider;
import org.opentest4j.AssertionFailedError;

/**
 * Whether folding the same events gives the same state wherever and whenever it is done. For users.
 *
 * <p>The events are folded several times by fresh deciders: in threads of different names, under different default time
 * zones (on no two of which it is the same day) and locales (of different letter case, digits and calendars), each at a
 * later millisecond. It sees what really differs in this process; {@link PurityScan} sees what could, such as the order
 * of a {@code Set.of}, which changes only from process to process. The two belong together.
 */
public final class Determinism {
    private static final ReentrantLock DEFAULTS = new ReentrantLock();

    private static final List<Surroundings> SURROUNDINGS = List.of(
            new Surroundings("Etc/UTC", "en-US"),
            new Surroundings("Pacific/Kiritimati", "tr-TR"),
            new Surroundings("Etc/GMT+12", "ar-EG-u-nu-arab"),
            new Surroundings("Asia/Kathmandu", "th-TH-u-ca-buddhist-nu-thai"));

    private record Surroundings(String zone, String locale) {
        @Override
        public String toString() {
            return "default time zone " + zone + " and locale " + locale;
        }
    }

    private Determinism() {}

    /**
     * Checks that deciders of {@code deciders} fold {@code events} to equal states, after every single event. Changes
     * the process's default time zone and locale meanwhile and restores them, so no test that depends on them may run
     * at the same time.
     *
     * @param deciders a new decider each time
     * @throws AssertionError if two states differ; it names the first event after which they do
     */
    public static <E, S> void check(Supplier<? extends Decider<?, E, S>> deciders, List<? extends E> events) {
        List<S> first = statesIn(SURROUNDINGS.getFirst(), deciders, events);
        List<Surroundings> rounds = new ArrayList<>(SURROUNDINGS);
        rounds.add(SURROUNDINGS.getFirst());
        for (Surroundings round : rounds.subList(1, rounds.size())) {
            List<S> again = statesIn(round, deciders, events);
            for (int i = 0; i < first.size(); i++) {
                if (!first.get(i).equals(again.get(i))) {
                    throw differ(
                            i == 0 ? "before the first event" : "after event " + i + ": " + events.get(i - 1),
                            first.get(i) + "\n  with " + SURROUNDINGS.getFirst(),
                            again.get(i) + "\n  with " + round);
                }
            }
        }
    }

    private static AssertionError differ(String when, String first, String again) {
        return new AssertionFailedError(
                "folding the same events twice gives states that differ " + when + "\nfirst:\n  " + first
                        + "\nthen:\n  " + again
                        + "\nlook for clocks, defaults, randomness, and states without equals (make them records)",
                first,
                again);
    }

    private static <E, S> List<S> statesIn(
            Surroundings surroundings, Supplier<? extends Decider<?, E, S>> deciders, List<? extends E> events) {
        DEFAULTS.lock();
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        Locale display = Locale.getDefault(Locale.Category.DISPLAY);
        Locale format = Locale.getDefault(Locale.Category.FORMAT);
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(surroundings.zone()));
            Locale.setDefault(Locale.forLanguageTag(surroundings.locale()));
            awaitNextMillisecond();
            return inThread("fold with " + surroundings, () -> states(deciders.get(), events));
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(locale);
            Locale.setDefault(Locale.Category.DISPLAY, display);
            Locale.setDefault(Locale.Category.FORMAT, format);
            DEFAULTS.unlock();
        }
    }

    private static <E, S> List<S> states(Decider<?, E, S> decider, List<? extends E> events) {
        List<S> states = new ArrayList<>(events.size() + 1);
        S state = decider.initialState();
        states.add(state);
        for (E event : events) {
            state = decider.evolve(state, event);
            states.add(state);
        }
        return states;
    }

    private static void awaitNextMillisecond() {
        InstantSource clock = InstantSource.system();
        long before = clock.millis();
        while (clock.millis() == before) {
            Thread.onSpinWait();
        }
    }

    private static <T> T inThread(String name, Supplier<T> task) {
        FutureTask<T> result = new FutureTask<>(task::get);
        Thread.ofPlatform().name(name).start(result);
        try {
            return result.get();
        } catch (ExecutionException failure) {
            throw new AssertionError("the fold itself fails: " + failure.getCause(), failure.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while folding", e);
        }
    }
}
