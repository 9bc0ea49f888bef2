#!/bin/sh
# Does one charge-card task by curl alone.
#   examples/workers/curl.sh http://127.0.0.1:8080
set -eu
gateway=$1
activity=arn:aws:states:us-east-1:000000000000:activity:charge-card

# The AWS API: a long poll of 60 s; the answer has no token when there was nothing to do.
token=
while [ -z "$token" ]; do
  task=$(curl -fsS "$gateway/" -H 'Content-Type: application/x-amz-json-1.0' \
    -H 'X-Amz-Target: AWSStepFunctions.GetActivityTask' -d "{\"activityArn\": \"$activity\", \"workerName\": \"curl\"}")
  token=$(printf %s "$task" | sed -n 's/.*"taskToken" *: *"\([^"]*\)".*/\1/p')
done

# The native API takes the token in the path, and the output as the body.
curl -fsS -X POST "$gateway/v1/tasks/$token/heartbeat" > /dev/null
curl -fsS "$gateway/v1/tasks/$token/success" -H 'Content-Type: application/json' -d '{"charged": true, "by": "curl"}' > /dev/null
echo done
