"""Does charge-card tasks over HTTP, with nothing but Python.

    python3 examples/workers/worker.py http://127.0.0.1:8080 [how many tasks, then it ends]
"""
import json
import os
import sys
import threading
import urllib.request

gateway = sys.argv[1]
most = int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize
ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:charge-card"


def call(operation, **parameters):
    request = urllib.request.Request(gateway + "/", json.dumps(parameters).encode(), {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AWSStepFunctions." + operation,
    })
    with urllib.request.urlopen(request, timeout=70) as response:
        return json.load(response)


class CardDeclined(Exception):
    pass


def charge(order):
    if order["amount"] < 0:
        raise CardDeclined("less than nothing")
    return {"charged": True, "by": "Python", "amount": order["amount"]}


def beat(token, ended):
    while not ended.wait(20):  # A third of the state's HeartbeatSeconds: two may be lost.
        call("SendTaskHeartbeat", taskToken=token)


done = 0
while done < most:
    task = call("GetActivityTask", activityArn=ACTIVITY, workerName="python-%d" % os.getpid())
    token = task.get("taskToken")
    if not token:
        continue  # Nothing to do for 60 s.
    done += 1
    ended = threading.Event()
    threading.Thread(target=beat, args=(token, ended), daemon=True).start()
    try:
        call("SendTaskSuccess", taskToken=token, output=json.dumps(charge(json.loads(task["input"]))))
    except CardDeclined as e:
        call("SendTaskFailure", taskToken=token, error="CardDeclined", cause=str(e))
    finally:
        ended.set()
print("done")
