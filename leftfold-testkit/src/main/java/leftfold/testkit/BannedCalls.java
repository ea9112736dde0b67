// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the JDK a pure function does not call. A line is a member, a member with its parameters' descriptor, every
 * member of a class ({@code .*}) or every class of a package ({@code .**}). Immutable.
 */
final class BannedCalls {
    private static final Map<String, String> BY_REASON = new LinkedHashMap<>();

    static {
        BY_REASON.put("the clock differs from run to run; let the event or the command carry the time", """
                java.time.Clock.*
                java.time.InstantSource.*
                java.time.Instant.now
                java.time.LocalDate.now
                java.time.LocalTime.now
                java.time.LocalDateTime.now
                java.time.OffsetDateTime.now
                java.time.OffsetTime.now
                java.time.ZonedDateTime.now
                java.time.Year.now
                java.time.YearMonth.now
                java.time.MonthDay.now
                java.time.chrono.HijrahDate.now
                java.time.chrono.JapaneseDate.now
                java.time.chrono.MinguoDate.now
                java.time.chrono.ThaiBuddhistDate.now
                java.lang.System.currentTimeMillis
                java.lang.System.nanoTime
                java.util.Date.<init>()
                java.util.Calendar.getInstance
                java.util.GregorianCalendar.<init>
                """);
        BY_REASON.put("defaults differ from machine to machine; name the zone, the locale or the charset", """
                java.time.ZoneId.systemDefault
                java.util.TimeZone.getDefault
                java.util.TimeZone.setDefault
                java.util.Locale.getDefault
                java.util.Locale.setDefault
                java.nio.charset.Charset.defaultCharset
                java.lang.String.toLowerCase()
                java.lang.String.toUpperCase()
                java.lang.String.formatted
                java.lang.String.format(Ljava/lang/String;[Ljava/lang/Object;)
                java.text.MessageFormat.format
                java.text.SimpleDateFormat.<init>()
                java.text.SimpleDateFormat.<init>(Ljava/lang/String;)
                java.text.DecimalFormat.<init>()
                java.text.DecimalFormat.<init>(Ljava/lang/String;)
                java.text.NumberFormat.getInstance()
                java.text.NumberFormat.getNumberInstance()
                java.text.NumberFormat.getCurrencyInstance()
                java.text.NumberFormat.getPercentInstance()
                java.text.Collator.getInstance()
                java.time.format.DateTimeFormatter.ofPattern(Ljava/lang/String;)
                java.time.format.DateTimeFormatterBuilder.toFormatter()
                """);
        BY_REASON.put("randomness differs from run to run; let the event or the command carry the outcome", """
                java.util.Random.*
                java.util.SplittableRandom.*
                java.util.concurrent.ThreadLocalRandom.*
                java.util.random.**
                java.security.SecureRandom.*
                java.lang.Math.random
                java.lang.StrictMath.random
                java.util.UUID.randomUUID
                java.util.Collections.shuffle
                """);
        BY_REASON.put("what lies outside the arguments may change; a pure function neither reads nor writes it", """
                java.io.**
                java.nio.file.**
                java.nio.channels.**
                java.net.**
                java.sql.**
                javax.sql.**
                javax.net.**
                java.util.logging.**
                java.util.prefs.**
                java.lang.System.*
                java.lang.System$Logger.*
                java.lang.Integer.getInteger
                java.lang.Long.getLong
                java.lang.Boolean.getBoolean
                java.lang.Runtime.*
                java.lang.Process.*
                java.lang.ProcessBuilder.*
                java.lang.ProcessHandle.*
                """);
        BY_REASON.put("threads run in an order that nobody can repeat", """
                java.lang.Thread.*
                java.lang.ThreadLocal.*
                java.lang.Object.wait
                java.lang.Object.notify
                java.lang.Object.notifyAll
                java.util.Collection.parallelStream
                java.util.stream.BaseStream.parallel
                java.util.stream.Stream.parallel
                java.util.stream.IntStream.parallel
                java.util.stream.LongStream.parallel
                java.util.stream.DoubleStream.parallel
                java.util.Timer.*
                java.util.concurrent.CompletableFuture.*
                java.util.concurrent.Executor.*
                java.util.concurrent.Executors.*
                java.util.concurrent.ExecutorService.*
                java.util.concurrent.ForkJoinPool.*
                java.util.concurrent.Future.*
                java.util.concurrent.TimeUnit.sleep
                java.util.concurrent.locks.**
                """);
        BY_REASON.put("an object's identity differs from run to run; give the class its own hashCode", """
                java.lang.System.identityHashCode
                java.lang.Object.hashCode
                java.lang.Enum.hashCode
                """);
    }

    /** In the packages above, but only memory and names. */
    private static final Set<String> HARMLESS = Set.of(
            "java.lang.System.arraycopy",
            "java.io.Serializable",
            "java.io.Closeable",
            "java.io.PrintStream",
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.StringReader",
            "java.io.StringWriter",
            "java.net.URI",
            "java.net.URLDecoder",
            "java.net.URLEncoder",
            "java.nio.file.Path",
            "java.sql.Date",
            "java.sql.Timestamp");

    private static final Map<String, String> REASONS = reasons();

    private BannedCalls() {}

    /**
     * Returns why a pure function does not use this member of the JDK; null if it may.
     *
     * @param owner the class's name, with dots
     * @param descriptor a method's descriptor, or an empty text for a field
     */
    static @Nullable String why(String owner, String name, String descriptor) {
        String member = owner + '.' + name;
        if (HARMLESS.contains(owner)
                || HARMLESS.contains(member)
                || owner.endsWith("Exception")
                || owner.endsWith("Error")) {
            return null;
        }
        String parameters = descriptor.substring(0, descriptor.indexOf(')') + 1);
        List<String> lines = new ArrayList<>(List.of(member + parameters, member, owner + ".*"));
        for (int dot = owner.lastIndexOf('.'); dot > 0; dot = owner.lastIndexOf('.', dot - 1)) {
            lines.add(owner.substring(0, dot) + ".**");
        }
        return lines.stream()
                .filter(REASONS::containsKey)
                .findFirst()
                .map(REASONS::get)
                .orElse(null);
    }

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new HashMap<>();
        BY_REASON.forEach((reason, lines) -> lines.lines().forEach(line -> reasons.put(line, reason)));
        return Map.copyOf(reasons);
    }
}
