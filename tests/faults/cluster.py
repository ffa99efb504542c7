"""A cluster of three private RabbitMQ nodes on this machine, of which each may be killed."""

import asyncio
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from deploy.servers import broker_files, processes
from deploy.servers.broker_files import Node
from deploy.servers.directory import write_private
from deploy.servers.rabbitmq import PrivateRabbitMQ
