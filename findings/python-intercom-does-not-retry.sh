#!/usr/bin/env bash
# python-intercom 5.0.1 (PyPI), Python 3.11.7, seen on 2026-11-30.
#
# Guess: as its README says, a request is tried again up to two times by default, and `max_retries` sets how often.
# Seen: by default, and with 1 and 2, it is sent once. With 3 it is sent twice, with 4 three times: the option is how many
# more than two. A page of articles that meets a 503 or a full quota is an exception at once.
#
# Why it matters here: a script that reads a Help Center page by page with this client ends at the first 429, though its
# author read that it waits. Who compares clients by the requests that they make sees it as the most sparing one.
#
# Needs Python 3 with venv, and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-intercom==5.0.1
cat >seen.py <<'PY'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from intercom import Intercom
from intercom.core.api_error import ApiError

requests = []


class Busy(BaseHTTPRequestHandler):
    def do_GET(self):
        requests.append(self.path)
        self.send_response(503)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Busy)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Intercom(token="any", base_url=f"http://127.0.0.1:{server.server_port}")
for options in [None, {"max_retries": 1}, {"max_retries": 2}, {"max_retries": 3}, {"max_retries": 4}]:
    requests.clear()
    try:
        client.articles.find(7, request_options=options)
    except ApiError as error:
        print(f"{options}: {error.status_code} after {len(requests)}")
PY
env/bin/python seen.py | tee seen.txt
diff seen.txt - <<'SEEN'
None: 503 after 1
{'max_retries': 1}: 503 after 1
{'max_retries': 2}: 503 after 1
{'max_retries': 3}: 503 after 2
{'max_retries': 4}: 503 after 3
SEEN
