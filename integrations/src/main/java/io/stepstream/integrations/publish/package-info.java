/** Messages that state machines send by SQS, SNS and EventBridge, as records of topics. */
@NullMarked
package io.stepstream.integrations.publish;

import org.jspecify.annotations.NullMarked;
