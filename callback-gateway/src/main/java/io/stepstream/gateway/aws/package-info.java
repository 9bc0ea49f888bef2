/** The AWS Step Functions API, as AWS JSON 1.0. */
@NullMarked
package io.stepstream.gateway.aws;

import org.jspecify.annotations.NullMarked;
