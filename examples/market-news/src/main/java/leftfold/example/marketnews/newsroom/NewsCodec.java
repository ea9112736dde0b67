// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.newsroom;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.ArticleCodec;
import leftfold.example.marketnews.instrument.InstrumentEvent;
import leftfold.example.marketnews.interactions.InteractionsEvent;
import leftfold.example.marketnews.preferences.PreferencesEvent;
import leftfold.example.marketnews.profile.ProfileEvent;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent;
import leftfold.example.marketnews.tradingday.TradingDayEvent;
