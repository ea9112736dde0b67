// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import tools.jackson.databind.json.JsonMapper;

/**
 * A product as the catalog has it now, and as others are told of it.
 *
 * @param cents its price
 */
record Product(String sku, String name, long cents) {
    private static final JsonMapper JSON = new JsonMapper();

    String toJson() {
        return JSON.writeValueAsString(this);
    }

    static Product ofJson(byte[] json) {
        return JSON.readValue(json, Product.class);
    }
}
