// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

/** A method of a class file: the class's name, with slashes, that declares it, its name and its descriptor. Immutable. */
record MethodPlace(String owner, String name, String descriptor) {}
