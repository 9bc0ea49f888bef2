#!/usr/bin/env python3
"""Asks a Prometheus every query of the dashboard, and tells the panels that would be empty.

    deploy/panels.py http://127.0.0.1:9090 [SECONDS]

It ends well when every query has a number to show, and is given SECONDS (60) for it: Prometheus reads the services every 15 s. A rate has
none before the second reading of what it counts, so that something must go on: deploy/scene.py, twice.
"""
import json
import math
import pathlib
import sys
import time
import urllib.parse
import urllib.request

prometheus, *seconds = sys.argv[1:]
until = time.monotonic() + (float(seconds[0]) if seconds else 60)
dashboard = json.loads((pathlib.Path(__file__).resolve().parent / "grafana/dashboards/stepstream.json").read_text())
queries = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]


def ask(query):
    """The series that have a number now: labels and value."""
    url = prometheus + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
    with urllib.request.urlopen(url, timeout=10) as answer:
        result = json.load(answer)["data"]["result"]
    return [(series["metric"], float(series["value"][1])) for series in result if math.isfinite(float(series["value"][1]))]


while True:
    answers = [(title, query, ask(query)) for title, query in queries]
    empty = [title for title, _, series in answers if not series]
    if not empty or time.monotonic() > until:
        break
    # Prometheus tells nobody that it has read something.
    time.sleep(1)
for title, query, series in answers:
    shown = ", ".join("%s %g" % (" ".join(labels.values()), value) for labels, value in series[:2])
    more = " and %d more" % (len(series) - 2) if len(series) > 2 else ""
    print("%-44s %s" % (title, shown.strip() + more if series else "EMPTY: " + query))
sys.exit("%d of %d panels are empty" % (len(empty), len(answers)) if empty else 0)
