#!/usr/bin/env python3
"""Plays the approval of examples/ on a stack, through its gateway and by the AWS API: its two services and its approver are here.

    AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... deploy/scene.py http://127.0.0.1:8080 [COMMAND...]

COMMAND is run while the approver is asked: docker compose kill orchestrator-1. The key is one of roles deployer, operator and worker:
stepstream keys create --aws (docs/security.md).
"""
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

gateway, *command = sys.argv[1:]
key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
example = pathlib.Path(__file__).resolve().parent.parent / "examples" / "approval"
began = time.monotonic()
LONGEST = 300


def say(what):
    print("%6.1f s  %s" % (time.monotonic() - began, what), flush=True)


def signed(body, target):
    """The headers of a request, with AWS's signature of version 4."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": "application/x-amz-json-1.0", "host": urllib.parse.urlsplit(gateway).netloc,
               "x-amz-date": now, "x-amz-target": "AWSStepFunctions." + target}
    names = ";".join(headers)
    asked_for = "\n".join(["POST", "/", "", *("%s:%s" % header for header in headers.items()), "", names,
                           hashlib.sha256(body).hexdigest()])
    scope = [now[:8], "us-east-1", "states", "aws4_request"]
    text = "\n".join(["AWS4-HMAC-SHA256", now, "/".join(scope), hashlib.sha256(asked_for.encode()).hexdigest()])
    signing = ("AWS4" + secret).encode()
    for part in [*scope, text]:
        signing = hmac.digest(signing, part.encode(), "sha256")
    headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
        key, "/".join(scope), names, signing.hex())
    return headers


def call(target, **body):
    data = json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(gateway + "/", data, signed(data, target)), timeout=75) as answer:
        return json.load(answer)


def again(target, **body):
    """A request that is as good twice: what went down is given time to come back."""
    while True:
        try:
            return call(target, **body)
        except urllib.error.HTTPError as e:
            if e.code < 500 or time.monotonic() - began > LONGEST:
                raise SystemExit("%s: %d %s" % (target, e.code, e.read().decode()))
        except (urllib.error.URLError, TimeoutError, ConnectionError) as e:
            if time.monotonic() - began > LONGEST:
                raise SystemExit("%s: %s" % (target, e))
        time.sleep(0.5)


def asked(task):
    """The next request of a task: its token."""
    while True:
        request = again("GetActivityTask", activityArn="arn:aws:states:us-east-1:000000000000:activity:" + task)
        if request.get("taskToken"):
            say(task + " asks")
            return request["taskToken"]


def answer(token, output):
    again("SendTaskSuccess", taskToken=token, output=json.dumps(output))
    say("answered")


machine = again("CreateStateMachine", name="approval", roleArn="arn:aws:iam::000000000000:role/approval",
                definition=(example / "approval.asl.json").read_text())
name = "scene-%d" % time.time()
execution = again("StartExecution", stateMachineArn=machine["stateMachineArn"], name=name,
                  input=(example / "input.json").read_text())["executionArn"]
say(name + " is started")
token = asked("notify-approver")
if command:
    say(" ".join(command))
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
answer(token, {"decision": "APPROVED"})
answer(asked("save-feedback"), {"receipt": "r-1"})
while (end := again("DescribeExecution", executionArn=execution))["status"] == "RUNNING":
    time.sleep(0.2)
say(end["status"])
sys.exit(0 if end["status"] == "SUCCEEDED" else 1)
