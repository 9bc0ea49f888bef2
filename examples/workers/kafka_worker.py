"""Does charge-card tasks over Kafka: pip install confluent-kafka avro (Debian: python3-confluent-kafka python3-avro)

    python3 examples/workers/kafka_worker.py localhost:9092 http://localhost:8081 [how many tasks, then it ends]

Python's client has no share groups yet, so this is a classic group, which has an offset of its own: workers of the share group
beside it would do the same requests once more. Let all workers of a task be of one kind.
"""
import io
import json
import os
import sys
import urllib.request

import avro.schema
from avro.io import BinaryDecoder, BinaryEncoder, DatumReader, DatumWriter
from confluent_kafka import Consumer, Producer

servers, registry = sys.argv[1:3]
most = int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize
TASK = os.environ.get("TASK", "charge-card")
TOPIC = "stepstream.task-requests." + TASK


def get(path):
    with urllib.request.urlopen(registry + path) as response:
        return json.load(response)


# The subject's latest schema is what the engine reads; its id goes in front of every record.
latest = get("/subjects/stepstream.task-results-value/versions/latest")
results = avro.schema.parse(latest["schema"])
readers = {}


def read(value):
    """Confluent's framing: a zero byte, the id of the writer's schema in four, the record."""
    schema_id = int.from_bytes(value[1:5], "big")
    if schema_id not in readers:
        readers[schema_id] = DatumReader(avro.schema.parse(get("/schemas/ids/%d" % schema_id)["schema"]))
    return readers[schema_id].read(BinaryDecoder(io.BytesIO(value[5:])))


def answer(request):
    order = json.loads(request["input"]["content"])
    if order["amount"] < 0:
        body = {"error": "CardDeclined", "cause": "less than nothing"}
    else:
        output = {"charged": True, "by": "Python over Kafka", "amount": order["amount"]}
        body = {"output": {"content": json.dumps(output)}}
    caller = {"principal": "python-example", "channel": "kafka", "address": "", "requestId": None, "replyTo": None}
    out = io.BytesIO(b"\0" + latest["id"].to_bytes(4, "big"))
    out.seek(0, io.SEEK_END)
    result = {"caller": caller, "token": request["token"], "forwarded": False, "body": body}
    DatumWriter(results).write(result, BinaryEncoder(out))
    return out.getvalue()


consumer = Consumer({
    "bootstrap.servers": servers, "group.id": TOPIC + ".classic", "auto.offset.reset": "earliest",
    "enable.auto.commit": False, "isolation.level": "read_committed",
})
producer = Producer({"bootstrap.servers": servers, "acks": "all"})
consumer.subscribe([TOPIC])
done = 0
while done < most:
    record = consumer.poll(1)
    if record is None or record.error():
        continue
    request = read(record.value())
    # To the partition that the request names: librdkafka's partitioner is not Java's.
    producer.produce("stepstream.task-results", answer(request), record.key(), request["resultPartition"])
    producer.flush()
    consumer.commit(record, asynchronous=False)
    done += 1
consumer.close()
print("done")
