// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Functions that are not pure. A comment at the end of a line is what a scan must find there, and it finds no more. */
@SuppressWarnings({"JavaUtilDate", "RandomCast", "StringCaseLocaleUsage", "TimeInStaticInitializer", "UnusedVariable"
}) // what this project would not write is what these are for
final class ImpureSamples {
    private ImpureSamples() {}

    static final class Clocks {
        private final InstantSource source = Clock.systemUTC();

        Object evolve(Object state, Object event) {
            List<Object> seen = new ArrayList<>();
            seen.add(Instant.now()); // java.time.Instant.now
            seen.add(LocalDate.now(ZoneId.of("UTC"))); // java.time.LocalDate.now
            seen.add(LocalDateTime.now(ZoneId.of("UTC"))); // java.time.LocalDateTime.now
            seen.add(ZonedDateTime.now(ZoneId.of("UTC"))); // java.time.ZonedDateTime.now
            seen.add(System.currentTimeMillis()); // java.lang.System.currentTimeMillis
            seen.add(System.nanoTime()); // java.lang.System.nanoTime
            seen.add(Clock.systemUTC()); // java.time.Clock.systemUTC
            seen.add(source.instant()); // java.time.InstantSource.instant
            seen.add(new Date()); // java.util.Date.<init>
            seen.add(new Date(17));
            seen.add(Calendar.getInstance(Locale.ROOT)); // java.util.Calendar.getInstance
            seen.add(Instant.EPOCH.plusSeconds(1));
            return seen;
        }
    }

    static final class Defaults {
        Object evolve(String state, Instant event) {
            List<Object> seen = new ArrayList<>();
            seen.add(ZoneId.systemDefault()); // java.time.ZoneId.systemDefault
            seen.add(TimeZone.getDefault()); // java.util.TimeZone.getDefault
            seen.add(Locale.getDefault()); // java.util.Locale.getDefault
            seen.add(state.toLowerCase()); // java.lang.String.toLowerCase
            seen.add(state.toUpperCase()); // java.lang.String.toUpperCase
            seen.add(state.toUpperCase(Locale.ROOT));
            seen.add(String.format("%d", 7)); // java.lang.String.format
            seen.add("%d".formatted(7)); // java.lang.String.formatted
            seen.add(String.format(Locale.ROOT, "%d", 7));
            seen.add(DateTimeFormatter.ofPattern("EEEE")); // java.time.format.DateTimeFormatter.ofPattern
            seen.add(DateTimeFormatter.ofPattern("EEEE", Locale.ROOT));
            seen.add(state.getBytes(StandardCharsets.UTF_8));
            return seen;
        }
    }

    static final class Randomness {
        Object evolve(List<String> state, Random event) {
            List<Object> seen = new ArrayList<>();
            seen.add(event.nextInt()); // java.util.Random.nextInt
            seen.add(ThreadLocalRandom.current()); // java.util.concurrent.ThreadLocalRandom.current
            seen.add(new SplittableRandom()); // java.util.SplittableRandom.<init>
            seen.add(Math.random()); // java.lang.Math.random
            seen.add(UUID.randomUUID()); // java.util.UUID.randomUUID
            seen.add(UUID.nameUUIDFromBytes(new byte[0]));
            Collections.shuffle(state); // java.util.Collections.shuffle
            return seen;
        }
    }

    static final class Outside {
        Object evolve(String state, Thread event) throws IOException {
            System.out.println(state); // java.lang.System.out
            List<Object> seen = new ArrayList<>();
            seen.add(Files.readString(Path.of(state))); // java.nio.file.Files.readString
            seen.add(System.getenv("HOME")); // java.lang.System.getenv
            System.arraycopy(new int[1], 0, new int[1], 0, 1);
            seen.add(System.getProperty("user.dir")); // java.lang.System.getProperty
            seen.add(new StringWriter().append(state));
            seen.add(event.threadId()); // java.lang.Thread.threadId
            seen.add(System.identityHashCode(seen)); // java.lang.System.identityHashCode
            seen.add(new Object().hashCode()); // java.lang.Object.hashCode
            seen.add(state.hashCode());
            seen.add(Stream.of(state).parallel().count()); // java.util.stream.Stream.parallel
            if (state.isEmpty()) {
                throw new IOException("empty");
            }
            return seen;
        }
    }

    static final class HashOrders {
        record Seats(Set<String> taken) {
            Seats {
                taken = Set.copyOf(taken);
            }
        }

        private final HashMap<String, Integer> counts = new HashMap<>();

        Object evolve(Map<String, Integer> state, Seats event) {
            List<Object> seen = new ArrayList<>();
            Map<String, Integer> changed = new HashMap<>(state);
            changed.put("a", 1);
            for (String key : changed.keySet()) { // java.util.Set.iterator
                seen.add(key);
            }
            changed.forEach((key, value) -> seen.add(value)); // java.util.Map.forEach
            seen.addAll(changed.values()); // java.util.List.addAll
            seen.add(Set.of("a", "b").stream().findFirst()); // java.util.Set.stream
            seen.add(Map.of("a", 1, "b", 2).entrySet().iterator().next()); // java.util.Set.iterator
            seen.add(new ArrayList<>(new HashSet<>(state.keySet()))); // java.util.ArrayList.<init>
            seen.add(List.copyOf(event.taken())); // java.util.List.copyOf
            for (String seat : event.taken()) { // java.util.Set.iterator
                seen.add(seat);
            }
            seen.add(Stream.of("a", "b").collect(Collectors.toSet()).iterator()); // java.util.Set.iterator
            Map<Integer, List<String>> grouped = Stream.of("a", "bb").collect(Collectors.groupingBy(String::length));
            seen.add(grouped.values().stream().toList()); // java.util.Collection.stream
            seen.add("" + changed); // java.lang.String.valueOf
            seen.add(counts.entrySet().stream().toList()); // java.util.Set.stream
            seen.add(first(Collections.unmodifiableSet(changed.keySet())));
            seen.add(made().toString()); // java.util.Set.toString
            return seen;
        }

        private static Object first(Set<String> any) {
            return any.iterator().next(); // java.util.Set.iterator
        }

        private static Set<String> made() {
            return new HashSet<>();
        }
    }

    static final class HarmlessOrders {
        Object evolve(Map<String, Integer> state, Set<String> event) {
            Map<String, Integer> sorted = new TreeMap<>(new HashMap<>(state));
            Map<String, Integer> linked = new LinkedHashMap<>(state);
            Set<String> hashed = new HashSet<>(event);
            List<Object> seen = new ArrayList<>(sorted.values());
            linked.forEach((key, value) -> seen.add(value));
            for (String name : new TreeSet<>(hashed)) {
                seen.add(name);
            }
            seen.add(hashed.contains("a") && hashed.containsAll(Set.of("a", "b")) && hashed.size() > 1);
            seen.add(Stream.of("a")
                    .collect(Collectors.toCollection(TreeSet::new))
                    .iterator());
            seen.add(Stream.of("a")
                    .collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.toList()))
                    .values()
                    .iterator());
            for (String only : Set.of("a")) {
                seen.add(only);
            }
            return seen;
        }
    }

    static final class Lambdas {
        Object evolve(List<String> state, Object event) {
            Function<String, Object> late = text -> {
                return text + Math.random(); // java.lang.Math.random
            };
            Supplier<Instant> reference = Instant::now; // java.time.Instant.now
            ToIntFunction<Object> identity = System::identityHashCode; // java.lang.System.identityHashCode
            Set<String> captured = new HashSet<>(state);
            Supplier<Object> capturing = () -> captured.iterator(); // java.util.Set.iterator
            Comparator<String> anonymous = new Comparator<>() {
                @Override
                public int compare(String left, String right) {
                    return (int) Math.random(); // java.lang.Math.random
                }
            };
            return List.of(late, reference, identity, capturing, anonymous);
        }
    }

    /** Calls that lead away from the decider's own class. */
    static final class Calls {
        static int count;
        static final Instant STARTED = Instant.now(); // java.time.Instant.now

        sealed interface Shape {
            Object size();
        }

        record Square() implements Shape {
            @Override
            public Object size() {
                return Math.random(); // java.lang.Math.random
            }
        }

        record Circle() implements Shape {
            @Override
            public Object size() {
                return 1;
            }

            Object neverCalled() {
                return Math.random();
            }
        }

        interface Open {
            Object value();
        }

        static final class Made implements Open {
            @Override
            public Object value() {
                return System.nanoTime(); // java.lang.System.nanoTime
            }
        }

        static class Base {
            Object inherited() {
                return new Date(); // java.util.Date.<init>
            }
        }

        static final class Below extends Base {}

        static final class Dice extends Random { // java.util.Random.<init>
            private static final long serialVersionUID = 1;
        }

        Object evolve(Shape state, Below event) {
            Open open = new Made();
            List<Object> seen = new ArrayList<>();
            seen.add(state.size());
            seen.add(open.value());
            seen.add(event.inherited());
            seen.add(STARTED);
            seen.add(count); // leftfold.testkit.ImpureSamples$Calls.count
            seen.add(new Dice().nextInt()); // java.util.Random.nextInt
            return deeper(seen, 3);
        }

        private Object deeper(List<Object> seen, int depth) {
            return depth == 0 ? seen.add(Math.random()) : deeper(seen, depth - 1); // java.lang.Math.random
        }

        Object unrelated() {
            return Math.random();
        }
    }
}
