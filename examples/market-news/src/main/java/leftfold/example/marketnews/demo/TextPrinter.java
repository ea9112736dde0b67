// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import leftfold.example.marketnews.demo.Summary.Inquiry;
import leftfold.example.marketnews.demo.Summary.Run;
import leftfold.example.marketnews.demo.Summary.Tops;
import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.regulator.Question;
import leftfold.store.RecordedEvent;

/** Tells people. Confined to one thread. */
final class TextPrinter implements Printer {
    private final PrintWriter out;
    private final NewsCodec codec = new NewsCodec();

    TextPrinter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void summary(Summary summary) {
        run(summary.run());
        tops(summary.tops());
        summary.inquiries().forEach(this::inquiry);
        out.flush();
    }

    @Override
    public void progress(Progress progress) {
        line(
                "%s  position %,d  first in the feed of %s: %s",
                progress.day(), progress.position(), progress.reader(), progress.headline());
        out.flush();
    }

    private void run(Run run) {
        String days = run.days().stream().map(Object::toString).collect(Collectors.joining(" and "));
        line("Market news, trading day %s", days);
        line(
                "  %,d events in this run, %,d in all, in %,d streams",
                run.eventsInRun(), run.eventsInAll(), run.streams());
        line("  %,d commands refused by the rules of the business", run.refused());
    }

    private void tops(Tops tops) {
        line("");
        line("feed of %s", tops.reader());
        tops.feed()
                .forEach(row ->
                        line("  %s  %-16s  %s", Sentence.fraction(row.permille()), row.source(), row.headline()));
        line("trending-topics");
        tops.topics()
                .forEach(row -> line(
                        "  %-12s %3d articles on %s, %d on the day before",
                        row.topic(),
                        row.trend().articles(),
                        row.trend().day(),
                        row.trend().articlesBefore()));
        line("source-reliability");
        tops.sources()
                .forEach(row -> line(
                        "  %s  %-16s  %d articles, %d corrected, %d retracted",
                        Sentence.fraction(row.record().permille()),
                        row.source(),
                        row.record().articles(),
                        row.record().corrected(),
                        row.record().retracted()));
        line("most opened (a live fold)");
        tops.opened().forEach(row -> line("  %3d times  %s", row.times(), row.article()));
    }

    private void inquiry(Inquiry inquiry) {
        Question asked = inquiry.question();
        line("");
        line(
                "The regulator asks: which events led to the score of article %s for %s,",
                asked.article(), asked.reader());
        line("as known at %s?", asked.asOf());
        for (RecordedEvent event : inquiry.answer().events()) {
            String place = event.stream() + "@" + event.version();
            String said = Sentence.of(codec.decode(event));
            line("  %6d  %-24s  %-16s  %s", event.position(), place, event.type(), said);
        }
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
