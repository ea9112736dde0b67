// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.io.PrintWriter;
import leftfold.example.marketnews.demo.Summary.Inquiry;
import leftfold.example.marketnews.demo.Summary.Run;
import leftfold.example.marketnews.demo.Summary.Tops;
import leftfold.store.RecordedEvent;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tells programs: one JSON object in each line, whose {@code kind} says what it is. Confined to one thread. */
final class JsonPrinter implements Printer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintWriter out;

    JsonPrinter(PrintWriter out) {
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
        line(object("progress")
                .put("day", progress.day().toString())
                .put("position", progress.position())
                .put("reader", progress.reader())
                .put("headline", progress.headline()));
        out.flush();
    }

    private void run(Run run) {
        ObjectNode line = object("run");
        line.set("days", JSON.valueToTree(run.days()));
        line(line.put("eventsInRun", run.eventsInRun())
                .put("eventsInAll", run.eventsInAll())
                .put("streams", run.streams())
                .put("refused", run.refused()));
    }

    private void tops(Tops tops) {
        tops.feed()
                .forEach(row -> line(object("feed")
                        .put("reader", tops.reader())
                        .put("article", row.article())
                        .put("day", row.day())
                        .put("source", row.source())
                        .put("headline", row.headline())
                        .put("permille", row.permille())));
        tops.topics()
                .forEach(row -> line(object("trending-topics")
                        .put("topic", row.topic())
                        .put("day", row.trend().day().toString())
                        .put("articles", row.trend().articles())
                        .put("articlesBefore", row.trend().articlesBefore())));
        tops.sources()
                .forEach(row -> line(object("source-reliability")
                        .put("source", row.source())
                        .put("permille", row.record().permille())
                        .put("articles", row.record().articles())
                        .put("corrected", row.record().corrected())
                        .put("retracted", row.record().retracted())));
        tops.opened()
                .forEach(row ->
                        line(object("most-opened").put("article", row.article()).put("times", row.times())));
    }

    private void inquiry(Inquiry inquiry) {
        var question = inquiry.question();
        ObjectNode line = object("regulator")
                .put("article", question.article())
                .put("reader", question.reader())
                .put("asOf", question.asOf().toString())
                .put("permille", inquiry.answer().scored().score().permille());
        for (RecordedEvent event : inquiry.answer().events()) {
            line.withArray("events")
                    .addObject()
                    .put("position", event.position())
                    .put("stream", event.stream().value())
                    .put("version", event.version())
                    .put("id", event.id().toString())
                    .put("type", event.type())
                    .put("schemaVersion", event.schemaVersion())
                    .put("recordedAt", event.recordedAt().toString())
                    .set("data", JSON.readTree(event.data().text()));
        }
        line(line);
    }

    private static ObjectNode object(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    private void line(ObjectNode object) {
        out.println(JSON.writeValueAsString(object));
    }
}
