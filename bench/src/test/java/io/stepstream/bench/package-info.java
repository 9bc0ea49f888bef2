@org.jspecify.annotations.NullMarked
package io.stepstream.bench;
