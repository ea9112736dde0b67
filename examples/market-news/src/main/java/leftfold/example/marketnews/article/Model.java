// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

/**
 * What computed a score. Immutable.
 *
 * @param version the version of the model, not of the event's schema
 */
public record Model(String name, String version) {}
