#!/bin/sh
# The approval example by the AWS CLI alone: the endpoint is all that differs from AWS. Debian 12's CLI (2.9.19) knows no versions yet.
#   examples/approval/aws-cli.sh http://127.0.0.1:8080
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-any} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-any} AWS_DEFAULT_REGION=us-east-1 AWS_PAGER=

sfn() { aws --endpoint-url "$endpoint" stepfunctions "$@" --output text; }
endpoint=$1
name=approval-by-cli-$$
activity=arn:aws:states:us-east-1:000000000000:activity

machine=$(sfn create-state-machine --name "$name" --definition "file://$here/approval.asl.json" \
  --role-arn arn:aws:iam::000000000000:role/any --query stateMachineArn)
execution=$(sfn start-execution --state-machine-arn "$machine" --input "file://$here/input.json" --query executionArn)

token=$(sfn get-activity-task --activity-arn "$activity:notify-approver" --worker-name mailer --query taskToken)
sfn send-task-heartbeat --task-token "$token"
sfn send-task-success --task-token "$token" --task-output '{"decision":"APPROVED"}'
token=$(sfn get-activity-task --activity-arn "$activity:save-feedback" --worker-name clerk --query taskToken)
sfn send-task-success --task-token "$token" --task-output '{"receipt":"r-1"}'

sfn describe-execution --execution-arn "$execution" --query status
sfn list-executions --state-machine-arn "$machine" --query 'length(executions)'
sfn delete-state-machine --state-machine-arn "$machine"
