// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

/** A method of a class file: the name, with slashes, of the class that declares it, its name and its descriptor. */
record MethodPlace(String owner, String name, String descriptor) {}
