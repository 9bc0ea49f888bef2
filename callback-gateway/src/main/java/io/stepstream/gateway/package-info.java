/** The HTTP edge: task callbacks, approval pages, the AWS Step Functions API and the native API. It keeps nothing that topics do not hold. */
@NullMarked
package io.stepstream.gateway;

import org.jspecify.annotations.NullMarked;
