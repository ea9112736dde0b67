// SPDX-License-Identifier: Apache-2.0
/** The process that leads a new reader in: profile, default subscriptions, first scoring run, done. */
@NullMarked
package leftfold.example.marketnews.onboarding;

import org.jspecify.annotations.NullMarked;
