"""Runs moto's server on a free port of loopback, tells the port in a line, and ends when its standard input does:
whoever started it need not live to end it."""

import logging
import os
import sys

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

# Else every request is a line on standard error.
logging.getLogger("werkzeug").setLevel(logging.ERROR)

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
