"""Runs moto's server on a free port of loopback, tells the port in a line, and ends when its standard input does:
whoever started it need not live to end it."""

import logging
import os
import sys

from moto.backends import get_backend
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

# Else every request is a line on standard error.
logging.getLogger("werkzeug").setLevel(logging.ERROR)

# moto loads a service at its first request, and two first requests at a time find each other's half.
for service in ("autoscaling", "cloudwatch", "ec2", "ecr", "elbv2", "logs", "s3", "ssm", "sts"):
    get_backend(service)

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
