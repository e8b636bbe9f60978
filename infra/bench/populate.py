#!/usr/bin/env python3
"""Creates groups and provider keys through the management API.

populate.py <gateway> <upstream> <groups> <keys per group>, with the admin key in BENCH_ADMIN_KEY
"""

import http.client
import json
import os
import sys
import urllib.parse

KEYS_A_CALL = 1000
TIMEOUT = 120


class Management:
    def __init__(self, gateway):
        address = urllib.parse.urlsplit(gateway)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
        self.headers = {"Authorization": "Bearer " + os.environ["BENCH_ADMIN_KEY"], "Content-Type": "application/json"}

    def call(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, self.headers)
        response = self.connection.getresponse()
        answer = response.read().decode()
        if not 200 <= response.status < 300:
            sys.exit(f"{method} {path}: {response.status} {answer[:500]}")
        return json.loads(answer) if answer else {}


def add_keys(management, name, count):
    path = f"/api/groups/{name}/keys"
    for start in range(0, count, KEYS_A_CALL):
        keys = [f"sk-bench-{name}-{number:06}" for number in range(start, min(start + KEYS_A_CALL, count))]
        added = management.call("POST", path, {"keys": keys})["added"]
        if added != len(keys):
            sys.exit(f"{name}: {added} keys added (expected: {len(keys)})")
    total = management.call("GET", path + "?size=1")["total"]
    if total != count:
        sys.exit(f"{name}: {total} keys (expected: {count})")


def main(gateway, upstream, groups, keys):
    management = Management(gateway)
    for number in range(1, int(groups) + 1):
        name = f"bench-{number}"
        management.call("POST", "/api/groups",
                        {"name": name, "provider": "openai", "upstreams": [{"url": upstream, "weight": 1}]})
        add_keys(management, name, int(keys))


if __name__ == "__main__":
    main(*sys.argv[1:])
