// SPDX-License-Identifier: Apache-2.0
/**
 * A fintech that ingests news and prices, scores relevance and serves personal feeds. One folder for each aggregate
 * (article, instrument, interactions, preferences, profile, subscriptions, tradingday), then what works with them:
 * scoring, the onboarding process, read models, the regulator's question, and the traffic of the demo.
 */
@NullMarked
package leftfold.example.marketnews;

import org.jspecify.annotations.NullMarked;
