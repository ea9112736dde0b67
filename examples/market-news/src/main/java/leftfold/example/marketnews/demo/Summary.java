// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.time.LocalDate;
import java.util.List;
import leftfold.example.marketnews.readmodel.Feed;
import leftfold.example.marketnews.readmodel.MostOpened;
import leftfold.example.marketnews.readmodel.ReadModels.SourceRow;
import leftfold.example.marketnews.readmodel.ReadModels.TopicRow;
import leftfold.example.marketnews.regulator.Question;
import leftfold.example.marketnews.regulator.ScoreTrail;

/**
 * What came out of a run. Immutable.
 *
 * @param inquiries the regulator's question about a corrected article: for the time before the correction, and for now
 */
record Summary(Run run, Tops tops, List<Inquiry> inquiries) {
    /**
     * What the run did.
     *
     * @param days the trading days that it played
     * @param refused how many commands the rules of the business refused
     */
    record Run(List<LocalDate> days, int refused, long eventsInRun, long eventsInAll, long streams) {}

    /**
     * The top rows of each read model.
     *
     * @param reader whose feed it is
     */
    record Tops(
            String reader,
            List<Feed.Entry> feed,
            List<TopicRow> topics,
            List<SourceRow> sources,
            List<MostOpened.Entry> opened) {}

    /** A question and its answer. */
    record Inquiry(Question question, ScoreTrail.Answer answer) {}
}
